import { AGE_BUCKETS, type AgeBucket } from '../../../server/domain/refund-clock.ts'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { Money, NoValue } from '../../ui/money.tsx'
import type { AgeingCell } from './refund-types.ts'
import type { RefundSearch } from './refund-views.ts'
import css from './ageing-board.module.css'

/** From this age on the promise to the customer is at risk; 7 working days are at least 9. */
const OLD_FROM_DAYS = 7
const COUNT = new Intl.NumberFormat('en-IN')

/** Gateways to filter by: those that refunds are on their way with, and the chosen one. */
export function gatewaysOf(cells: readonly AgeingCell[], { gateway }: RefundSearch): string[] {
  const codes = new Set(cells.flatMap((cell) => cell.gateway ?? []))
  if (gateway !== '') codes.add(gateway)
  return [...codes].sort((a, b) => a.localeCompare(b, 'en'))
}

/** How long refunds have been on their way: bars by age, and the same as a table by gateway. */
export function AgeingBoard({ cells }: { cells: readonly AgeingCell[] }) {
  if (cells.length === 0) return null
  return (
    <details className={css['board']} open>
      <summary className={css['summary']}>
        <span>{sentence(cells)}</span>
      </summary>
      <div className={css['content']}>
        <Bars cells={cells} />
        <Table cells={cells} />
      </div>
    </details>
  )
}

function sentence(cells: readonly AgeingCell[]): string {
  const all = countOf(cells)
  const old = countOf(cells.filter((cell) => isOld(cell.bucket)))
  const open = `${COUNT.format(all)} ${all === 1 ? 'refund is' : 'refunds are'} on their way`
  return old === 0 ? `${open}, none for 7 days or more.` : `${open}, ${COUNT.format(old)} for 7 days or more.`
}

function isOld(bucket: AgeBucket): boolean {
  return AGE_BUCKETS.some(({ id, fromDays }) => id === bucket && fromDays >= OLD_FROM_DAYS)
}

function countOf(cells: readonly AgeingCell[]): number {
  return cells.reduce((sum, cell) => sum + cell.count, 0)
}

/** The picture of the table beside it, and hidden from those who hear the table. */
function Bars({ cells }: { cells: readonly AgeingCell[] }) {
  const counts = AGE_BUCKETS.map(({ id }) => countOf(cells.filter((cell) => cell.bucket === id)))
  const most = Math.max(...counts)
  return (
    <div className={css['bars']} aria-hidden>
      {AGE_BUCKETS.map(({ id, label }, at) => {
        const count = counts[at] ?? 0
        return (
          <div key={id} className={css['bar']} data-old={isOld(id) || undefined}>
            <span className="num">{count === 0 ? '' : COUNT.format(count)}</span>
            <span className={css['fill']} style={{ height: `${Math.round((count / most) * 100)}%` }} />
            <span className={css['age']}>{label}</span>
          </div>
        )
      })}
    </div>
  )
}

function Table({ cells }: { cells: readonly AgeingCell[] }) {
  const lines = [...new Set(cells.map(lineOf))]
  return (
    <div
      className={css['scroller']}
      tabIndex={0}
      role="region"
      aria-label="Refunds on their way by gateway and age"
    >
      <table className={css['table']}>
        <thead>
          <tr>
            <th scope="col">Gateway</th>
            {AGE_BUCKETS.map(({ id, label }) => (
              <th key={id} scope="col" className={css['number']}>
                {label}
              </th>
            ))}
            <th scope="col" className={css['number']}>
              All
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const own = cells.filter((cell) => lineOf(cell) === line)
            const [first] = own
            if (!first) return null
            return (
              <tr key={line}>
                <th scope="row">{first.gateway === null ? 'Not known yet' : gatewayLabel(first.gateway)}</th>
                {AGE_BUCKETS.map(({ id }) => (
                  <td key={id} className={css['number']} data-old={isOld(id) || undefined}>
                    <Cell cells={own.filter((cell) => cell.bucket === id)} />
                  </td>
                ))}
                <td className={css['number']}>
                  <Cell cells={own} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** Amounts of several currencies are never added: each has a line. */
function lineOf({ gateway, currency }: AgeingCell): string {
  return `${gateway ?? ''} ${currency}`
}

function Cell({ cells }: { cells: readonly AgeingCell[] }) {
  const [first] = cells
  if (!first) return <NoValue />
  const minor = cells.reduce((sum, cell) => sum + cell.amountMinor, 0n)
  return (
    <>
      <span className={css['count']}>{COUNT.format(countOf(cells))}</span>{' '}
      <Money value={{ minor, currency: first.currency }} />
    </>
  )
}
