import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../lib/trpc.ts'
import { useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { formatAge, formatDuration } from '../../ui/time-format.ts'
import { Part } from './part.tsx'
import { partState, useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

const TICK_MS = 5_000

/** Whether webhooks arrive, in one line; the health page says why not. */
export function WebhookLine() {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const now = useNow(TICK_MS)
  const refetchInterval = useRefreshMs()
  const health = useQuery(trpc.events.health.queryOptions(undefined, { refetchInterval }))
  const silence = useQuery(trpc.rates.silence.queryOptions(undefined, { refetchInterval }))
  return (
    <div className={css['health']}>
      <Part
        state={partState(health, 'the health of webhooks')}
        loading="Loading the health of webhooks"
        rows={1}
      >
        {(found) => (
          <>
            <span data-silent={silence.data?.silent === true || undefined}>
              {webhookText(found, silence.data?.silent === true, now)}
            </span>
            <Link to="/events/health">Webhook health</Link>
          </>
        )}
      </Part>
    </div>
  )
}

type Health = {
  lastReceivedAt: Date | null
  ratePerMinute: number
  p95LagMs: number | null
  backlog: number
  rejected: readonly { count: number }[]
}

/** "Webhooks: live, 12 per min, last 2 s ago, 95% within 1 s of the event, every sender check passed". */
export function webhookText(health: Health, silent: boolean, now: Date): string {
  if (health.lastReceivedAt === null) return 'Webhooks: none has arrived yet'
  const refused = health.rejected.reduce((sum, { count }) => sum + count, 0)
  return [
    `Webhooks: ${silent ? 'silent' : 'live'}`,
    `${Math.round(health.ratePerMinute * 10) / 10} per min`,
    `last ${formatAge(health.lastReceivedAt, now)}`,
    ...(health.p95LagMs === null ? [] : [`95% within ${formatDuration(health.p95LagMs)} of the event`]),
    ...(health.backlog === 0 ? [] : [`${health.backlog.toLocaleString('en-IN')} waiting`]),
    refused === 0 ? 'every sender check passed' : `${refused.toLocaleString('en-IN')} refused in 24 h`,
  ].join(', ')
}
