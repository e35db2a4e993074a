import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { gridState } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { TimeAgo, useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { formatDuration } from '../../ui/time-format.ts'
import type { Gap } from './health-types.ts'
import { GAP_CAUSE_WORDS, gapCountText } from './health-words.ts'
import css from './event-health.module.css'

const REFRESH_MS = 30_000
const HOUR_MS = 3_600_000
const WEEK_MS = 7 * 24 * HOUR_MS
const GAPS_SHOWN = 10

/** What Juspay's order status told that no webhook had: why, and how soon it was right again. */
export function GapsSection() {
  const trpc = useTRPC()
  const now = useNow(HOUR_MS)
  const [from] = useState(() => new Date(now.getTime() - WEEK_MS))
  const every = { refetchInterval: REFRESH_MS, staleTime: 0, retry: false }
  const counts = useQuery(trpc.gaps.counts.queryOptions({ from }, every))
  const list = useQuery(trpc.gaps.list.queryOptions({ limit: GAPS_SHOWN }, every))
  const state = gridState(list, 'the gaps')
  const rows = list.data?.rows ?? []
  return (
    <Section title="Gaps found and healed, last 7 days">
      {state.kind === 'error' ? <ErrorState problem={state.problem} onRetry={state.onRetry} /> : null}
      <ul className={css['list']}>
        {(counts.data ?? [])
          .filter(({ count }) => count > 0)
          .map((found) => (
            <li key={found.cause}>
              <span className={css['cause']}>{GAP_CAUSE_WORDS[found.cause]}:</span> {gapCountText(found)}
            </li>
          ))}
      </ul>
      {list.data && rows.length === 0 ? (
        <p className="muted">None. Webhooks told everything that order status checks found.</p>
      ) : null}
      {rows.length === 0 ? null : <GapTable rows={rows} />}
    </Section>
  )
}

function GapTable({ rows }: { rows: readonly Gap[] }) {
  const { link: Link } = useKit()
  return (
    <div className={css['scroller']} tabIndex={0} role="region" aria-label="Newest gaps">
      <table className={css['table']}>
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Missed</th>
            <th scope="col">Why</th>
            <th scope="col">Found</th>
            <th scope="col">Healed</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((gap) => (
            <tr key={gap.id}>
              <th scope="row">
                <Link to={orderPath(gap.orderRef)} className={css['name']}>
                  {gap.orderRef}
                </Link>
              </th>
              <td>{gap.title}</td>
              <td>{GAP_CAUSE_WORDS[gap.cause]}</td>
              <td>
                <TimeAgo at={gap.foundAt} />
              </td>
              <td>{healedText(gap)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** "after 4 min": from when the event should have been here until our record was right. */
function healedText({ dueSince, healedAt, arrivedAt }: Gap): string {
  if (healedAt === null) return 'Not yet'
  const after = `after ${formatDuration(Math.max(0, healedAt.getTime() - dueSince.getTime()))}`
  return arrivedAt === null ? after : `${after}, event came later`
}
