import { useQuery } from '@tanstack/react-query'
import { orderMoney } from '../../../server/domain/money.ts'
import { SCRAP_CHARS_MAX } from '../../../server/domain/search-scraps.ts'
import { toProblem } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { recordItems, type Found } from '../../lib/palette-found.tsx'
import { useAskJuspay } from '../../lib/palette-search.tsx'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useAppliedText } from '../../lib/use-applied-text.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { TextField } from '../../ui/fields.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { Page, PageScroll, Section } from '../../ui/page.tsx'
import { EmptyState, ErrorState, LoadingRows } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import css from './search.module.css'

/** Orders shown here; with more, one more fact helps better than a longer list. */
const RESULTS_MAX = 50

type SearchScreenProps = {
  q: string
  onSearch: (q: string) => void
  go: (path: string, newTab?: boolean) => void
}

/** Everything a scrap of text leads to, in groups, and what was looked for. */
export function SearchScreen({ q, onSearch, go }: SearchScreenProps) {
  const trpc = useTRPC()
  const { text, setText, submit } = useAppliedText(q, onSearch)
  const wanted = q.trim() !== ''
  const search = useQuery(
    trpc.search.find.queryOptions(
      { text: q.slice(0, SCRAP_CHARS_MAX), limit: RESULTS_MAX },
      { enabled: wanted },
    ),
  )
  return (
    <Page title="Search">
      <PageScroll>
        <form
          className={css['field']}
          role="search"
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <TextField
            label="What you have of the payment"
            hint="An ID, UTR, email, part of a phone number, card digits, an amount, a time, or several of them"
            value={text}
            onChange={setText}
            type="search"
          />
        </form>
        {!wanted ? (
          <EmptyState title="Nothing searched for yet.">
            Type or paste what the customer said: <span className="mono">98…4321 ~1499 yesterday upi</span>
          </EmptyState>
        ) : search.isError ? (
          <ErrorState problem={toProblem(search.error, 'results')} onRetry={() => void search.refetch()} />
        ) : search.data ? (
          <Results found={search.data} q={q} go={go} onSearch={onSearch} />
        ) : (
          <LoadingRows label="Searching" />
        )}
      </PageScroll>
    </Page>
  )
}

type ResultsProps = SearchScreenProps & { found: Found }

function Results({ found, q, go, onSearch }: ResultsProps) {
  const { link: Link } = useKit()
  const others = recordItems(found, go)
  const groups = [...new Set(others.map(({ group }) => group))]
  return (
    <>
      {found.orders.length > 0 ? <Orders found={found} /> : null}
      {groups.map((group) => (
        <Section key={group} title={group}>
          <ul className={css['list']}>
            {others
              .filter((item) => item.group === group)
              .map((item) => (
                <li key={item.id} className={css['line']}>
                  <Link to={item.to ?? '/'}>{item.label}</Link>
                  {item.detail}
                </li>
              ))}
          </ul>
        </Section>
      ))}
      {found.orders.length === 0 && others.length === 0 ? (
        <NothingFound found={found} q={q} go={go} onSearch={onSearch} />
      ) : (
        <AskJuspay orderRef={found.ask} go={go} />
      )}
      {found.readings.length > 0 ? (
        <Section title="Looked for">
          <ul className={css['list']}>
            {found.readings.map((reading) => (
              <li key={`${reading.q} ${reading.t}`} className={css['line']}>
                <Link
                  to={`/transactions?q=${encodeURIComponent(reading.q)}&t=${encodeURIComponent(reading.t)}`}
                >
                  {reading.label}
                </Link>
                <span className="caption mono">{reading.q}</span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}

/** What was searched and over which period, so that nobody takes "not then" for "not at all". */
function NothingFound({ found, q, go, onSearch }: ResultsProps) {
  const { within } = found
  return (
    <EmptyState
      title={`Nothing found for ${q}.`}
      action={
        <>
          {within !== null && within.rest !== '' ? (
            <ActionButton tone="primary" onPress={() => onSearch(within.rest)}>
              Search all time
            </ActionButton>
          ) : null}
          <AskJuspay orderRef={found.ask} go={go} />
        </>
      }
    >
      {found.readings.length === 0
        ? 'No order could be looked for by this text.'
        : within === null
          ? 'All orders of this account were looked through, of any time.'
          : `Orders of ${within.label} were looked through. Only IDs were looked for in all time.`}
    </EmptyState>
  )
}

function Orders({ found }: { found: Found }) {
  const { link: Link } = useKit()
  const more = found.orders.length === RESULTS_MAX
  return (
    <Section title="Orders">
      {more ? (
        <p className="muted">
          The first {RESULTS_MAX}, likeliest first. Add one more fact to find the right one.
        </p>
      ) : null}
      <div className={css['scroll']}>
        <table className={css['table']}>
          <caption className="visually-hidden">Orders found, the likeliest first</caption>
          <thead>
            <tr>
              <th scope="col">Order</th>
              <th scope="col">Matched on</th>
              <th scope="col" className={css['end']}>
                Amount
              </th>
              <th scope="col">Status</th>
              <th scope="col">Paid by</th>
              <th scope="col">Customer</th>
              <th scope="col">Attempts</th>
              <th scope="col">Created</th>
            </tr>
          </thead>
          <tbody>
            {found.orders.map((order) => (
              <tr key={order.id}>
                <th scope="row">
                  <Link to={orderPath(order.orderRef)} className="mono">
                    {order.orderRef}
                  </Link>
                </th>
                <td className={css['matched']}>{order.matched.join(', ')}</td>
                <td className={css['end']}>
                  <Money value={orderMoney(order)} />
                </td>
                <td className={css['status']}>
                  <StatusChip status={order.displayStatus} />
                </td>
                <td className={css['paid']}>{order.methodLabel}</td>
                <td className={css['customer']}>{order.customerName ?? order.customerEmailMasked ?? '—'}</td>
                <td className={css['attempts']}>{order.attemptCount}</td>
                <td className={css['time']}>
                  <DateTime at={order.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

function AskJuspay({ orderRef, go }: { orderRef: string | null; go: SearchScreenProps['go'] }) {
  const ask = useAskJuspay(go)
  const can = useCan('order:sync')
  if (orderRef === null) return null
  return (
    <ActionButton disabledReason={can.reason} onPress={() => ask(orderRef)}>
      Ask Juspay for {orderRef}
    </ActionButton>
  )
}
