import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../lib/trpc.ts'
import { CompactMoney } from '../../ui/money.tsx'
import { Section } from '../../ui/page.tsx'
import { RateOf } from './gateways-section.tsx'
import type { MethodFigures, OverviewSearch } from './overview-types.ts'
import { countText } from './overview-words.ts'
import { Part } from './part.tsx'
import { partState, useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

/** The window by how people paid. */
export function MethodsSection({ range }: { range: OverviewSearch['range'] }) {
  const trpc = useTRPC()
  const methods = useQuery(trpc.overview.methods.queryOptions({ range }, { refetchInterval: useRefreshMs() }))
  return (
    <Section title="Methods">
      <Part state={partState(methods, 'methods')} loading="Loading methods" rows={4}>
        {(data) => <MethodTable methods={data.methods} />}
      </Part>
    </Section>
  )
}

/** Rate, payments and amount of each method, most payments first. */
export function MethodTable({ methods }: { methods: readonly MethodFigures[] }) {
  if (methods.length === 0) return <p className="muted">Methods will appear here with the first payment.</p>
  return (
    <table className={css['table']}>
      <caption className="visually-hidden">
        Success rate, charged payments and amount of each payment method
      </caption>
      <thead>
        <tr>
          <th scope="col">Method</th>
          <th scope="col" className={css['number']}>
            Success rate
          </th>
          <th scope="col" className={css['number']}>
            Charged
          </th>
          <th scope="col" className={css['number']}>
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {methods.map(({ methodType, label, payments, amounts }) => (
          <tr key={methodType}>
            <th scope="row">{label}</th>
            <td className={css['number']}>
              <RateOf {...payments} />
            </td>
            <td className={css['number']}>{countText(payments.charged)}</td>
            <td className={css['number']}>
              {amounts.map(({ currency, chargedMinor }) => (
                <span key={currency} className={css['otherCurrency']}>
                  <CompactMoney value={{ minor: chargedMinor, currency }} />
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
