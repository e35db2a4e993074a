import { useQuery } from '@tanstack/react-query'
import type { ProviderHealth } from '../../../server/domain/provider-health.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { formatAge, formatDuration, formatSince, type TimeZoneChoice } from '../../ui/time-format.ts'
import { Part } from './part.tsx'
import { partState, useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

const TICK_MS = 5_000

/** Whether webhooks arrive and Juspay answers, in one line. Either may be unknown without the other. */
export function HealthLine() {
  return (
    <div className={css['health']}>
      <Webhooks />
      <Provider />
    </div>
  )
}

/** The health page says why not. */
function Webhooks() {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const now = useNow(TICK_MS)
  const refetchInterval = useRefreshMs()
  const health = useQuery(trpc.events.health.queryOptions(undefined, { refetchInterval }))
  const silence = useQuery(trpc.rates.silence.queryOptions(undefined, { refetchInterval }))
  return (
    <Part
      state={partState(health, 'the health of webhooks')}
      loading="Loading the health of webhooks"
      rows={1}
    >
      {(found) => (
        <>
          <span data-unwell={silence.data?.silent === true || undefined}>
            {webhookText(found, silence.data?.silent === true, now)}
          </span>
          <Link to="/events/health">Webhook health</Link>
        </>
      )}
    </Part>
  )
}

function Provider() {
  const trpc = useTRPC()
  const { timeZone } = useKit()
  const now = useNow(TICK_MS)
  const refetchInterval = useRefreshMs()
  const health = useQuery(trpc.health.provider.queryOptions(undefined, { refetchInterval }))
  return (
    <Part state={partState(health, 'the state of Juspay')} loading="Loading the state of Juspay" rows={1}>
      {(found) => (
        <span data-unwell={found.state === 'down' || undefined}>{providerText(found, now, timeZone)}</span>
      )}
    </Part>
  )
}

/** "Juspay API: ok, 95% within 310 ms, last answer 2 s ago", or since when it does not answer. */
export function providerText(health: ProviderHealth, now: Date, zone: TimeZoneChoice): string {
  switch (health.state) {
    case 'unknown':
      return 'Juspay API: not asked yet'
    case 'down':
      return `Juspay API: not answering since ${formatSince(health.since, now, zone)}`
    case 'answering':
      return [
        'Juspay API: ok',
        ...(health.p95Ms === null ? [] : [`95% within ${formatDuration(health.p95Ms)}`]),
        `last answer ${formatAge(health.answeredAt, now)}`,
      ].join(', ')
  }
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
