import { useSession } from '../../lib/session.ts'
import { useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Notice } from '../../ui/states.tsx'
import { formatAge, formatDuration } from '../../ui/time-format.ts'
import type { EventHealth } from './event-types.ts'
import css from './events.module.css'

const TICK_MS = 1_000
/** No webhook for this long deserves a word: something may be broken between Juspay and us. */
const QUIET_AFTER_MS = 10 * 60_000

type HealthProps = { health: EventHealth | undefined }

/** The line under the feed: how fresh it is, how late events come, and what was turned away. */
export function FeedFooter({ health, newest }: HealthProps & { newest: Date | null }) {
  const { link: Link } = useKit()
  const now = useNow(TICK_MS)
  const last = latest(health?.lastReceivedAt ?? null, newest)
  const refused = (health?.rejected ?? []).reduce((sum, { count }) => sum + count, 0)
  return (
    <>
      <span>{last ? `Last event ${formatAge(last, now)}` : 'No events yet'}</span>
      {health?.p95LagMs == null ? null : <span>Lag p95 {formatDuration(Math.max(0, health.p95LagMs))}</span>}
      {health && health.backlog > 0 ? <span>{health.backlog} waiting to be applied</span> : null}
      {refused > 0 ? (
        <Link to="/events/failed">{`${refused} refused in the last 24 h`}</Link>
      ) : (
        <span>No delivery refused in the last 24 h</span>
      )}
    </>
  )
}

/** Says that webhooks stopped coming, when they did. */
export function QuietNotice({ health }: HealthProps) {
  const { environment } = useSession().account
  const { link: Link } = useKit()
  const now = useNow(TICK_MS * 10)
  const last = health?.lastReceivedAt
  if (!last || now.getTime() - last.getTime() < QUIET_AFTER_MS) return null
  return (
    <div className={css['quiet']}>
      <Notice tone="pending">
        No webhooks for {formatDuration(now.getTime() - last.getTime())}.{' '}
        {environment === 'sandbox' ? (
          <Link to="/sandbox">Send a test event</Link>
        ) : (
          <Link to="/settings">Check settings</Link>
        )}
      </Notice>
    </div>
  )
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a > b ? a : b
}
