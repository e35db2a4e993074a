import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { useLive } from '../../lib/live.tsx'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Notice } from '../../ui/states.tsx'
import { formatAge, formatDuration } from '../../ui/time-format.ts'
import type { EventHealth } from './event-types.ts'
import { sampledText, shareText } from './feed-words.ts'
import { senderChecks, type Strip } from './feed-strip.tsx'
import type { StreamPace } from './use-stream-pace.ts'
import css from './events.module.css'

const TICK_MS = 1_000
const SILENCE_REFRESH_MS = 30_000
/** A wrong password that was tried this recently is news. */
const REFUSED_NOW_MS = 5 * 60_000

type FeedFooterProps = { health: EventHealth | undefined; strip: Strip | undefined; newest: Date | null }

/** The line under the feed: how fresh it is, how late events come, and what was turned away. */
export function FeedFooter({ health, strip, newest }: FeedFooterProps) {
  const { link: Link } = useKit()
  const now = useNow(TICK_MS)
  const last = latest(health?.lastReceivedAt ?? null, newest)
  const checks = strip ? senderChecks(strip) : null
  return (
    <>
      <span>{last ? `Last event ${formatAge(last, now)}` : 'No events yet'}</span>
      {checks === null || checks.all === 0 ? null : (
        <span>
          {checks.passed === checks.all ? (
            'Sender checks 100% in the last 15 min'
          ) : (
            <Link to="/events/health">
              {`Sender checks ${shareText(checks.passed, checks.all)} in the last 15 min`}
            </Link>
          )}
        </span>
      )}
      <Percentiles name="Lag" p50={health?.p50LagMs} p95={health?.p95LagMs} />
      <Percentiles name="Applied after" p50={health?.p50TookMs} p95={health?.p95TookMs} />
      {health && health.backlog > 0 ? <span>{health.backlog} waiting to be applied</span> : null}
      <Link to="/events/health">Webhook health</Link>
    </>
  )
}

type PercentilesProps = { name: string; p50: number | null | undefined; p95: number | null | undefined }

function Percentiles({ name, p50, p95 }: PercentilesProps) {
  if (p50 == null || p95 == null) return null
  const text = (ms: number) => formatDuration(Math.max(0, ms))
  return (
    <span>
      {name} p50 {text(p50)}, p95 {text(p95)}
    </span>
  )
}

/** Says that webhooks are refused, or stopped coming when that is unusual at this hour; nothing while all is well. */
export function QuietNotice({ health }: { health: EventHealth | undefined }) {
  const trpc = useTRPC()
  const now = useNow(TICK_MS)
  const silence = useQuery(
    trpc.rates.silence.queryOptions(undefined, { refetchInterval: SILENCE_REFRESH_MS, retry: false }),
  )
  useRefusalsLive()
  const refused = health?.rejected.find(
    ({ cause, lastAt }) => cause === 'wrong_credentials' && now.getTime() - lastAt.getTime() < REFUSED_NOW_MS,
  )
  if (refused)
    return (
      <Alarm>
        Webhooks are being refused, last {formatAge(refused.lastAt, now)}. {refused.words}.
      </Alarm>
    )
  if (!silence.data?.silent || silence.data.since === null) return null
  const { since, usualGapMs } = silence.data
  return (
    <Alarm>
      No webhooks for {formatDuration(now.getTime() - since.getTime())}.
      {usualGapMs === null ? '' : ` Usual gap now is under ${formatDuration(usualGapMs)}.`}
    </Alarm>
  )
}

function Alarm({ children }: { children: ReactNode }) {
  const { environment } = useSession().account
  const { link: Link } = useKit()
  return (
    <div className={css['quiet']} role="status">
      <Notice tone="pending">
        <div className={css['quietActs']}>
          <span>{children}</span>
          {environment === 'sandbox' ? <TestEvent /> : null}
          <Link to="/settings">Check settings</Link>
          <Link to="/events/health">See health</Link>
        </div>
      </Notice>
    </div>
  )
}

/** Asks for the figures as soon as something was refused. */
function useRefusalsLive(): void {
  const trpc = useTRPC()
  const client = useQueryClient()
  useLive((message) => {
    if (message.kind === 'change' && message.subject === 'webhook_health')
      void client.invalidateQueries({ queryKey: trpc.events.health.queryKey() })
  })
}

/** One event from the sandbox: shows within seconds whether the way to us is open. */
function TestEvent() {
  const trpc = useTRPC()
  const can = useCan('sandbox:use')
  const send = useMutation(trpc.sandbox.sendTestEvent.mutationOptions())
  const problem = send.error === null ? null : toActProblem(send.error)
  return (
    <>
      <ActionButton
        busy={send.isPending}
        disabledReason={can.reason}
        onPress={() => send.mutate({ name: 'ORDER_SUCCEEDED' })}
      >
        Send a test event
      </ActionButton>
      {problem ? (
        <span role="alert">
          {problem.title} {problem.message}
        </span>
      ) : null}
    </>
  )
}

/** Says that not every event is shown, and how to see all. */
export function SampleNotice({ pace }: { pace: StreamPace }) {
  if (pace.oneIn <= 1) return null
  return (
    <div className={css['quiet']}>
      <Notice tone="pending">{sampledText(pace.oneIn, pace.perSecond)}</Notice>
    </div>
  )
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a > b ? a : b
}
