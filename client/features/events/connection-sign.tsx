import { useLiveConnection } from '../../lib/live.tsx'
import { ActionButton } from '../../ui/action-button.tsx'
import { useNow } from '../../ui/date-time.tsx'
import { rateText } from './feed-words.ts'
import type { StreamPace } from './use-stream-pace.ts'
import css from './events.module.css'

const TICK_MS = 1_000
const COUNT = new Intl.NumberFormat('en-IN')

type ConnectionSignProps = { ratePerMinute: number | null; paused: boolean; pace: StreamPace }

/** What the stream is doing, in words, with the rate when it runs and a way not to wait when it does not. */
export function ConnectionSign({ ratePerMinute, paused, pace }: ConnectionSignProps) {
  const { connection, retryNow } = useLiveConnection()
  switch (connection.kind) {
    case 'live':
      if (pace.behind > 0) return <Sign tone="wait">Catching up, {COUNT.format(pace.behind)} events</Sign>
      if (paused) return <Sign tone="wait">Paused</Sign>
      if (pace.oneIn > 1)
        return (
          <Sign tone="wait">
            1 in {pace.oneIn} · {COUNT.format(Math.round(pace.perSecond))} events/s
          </Sign>
        )
      return <Sign tone="good">Live{ratePerMinute === null ? '' : ` · ${rateText(ratePerMinute)}`}</Sign>
    case 'connecting':
      return <Sign tone="wait">Connecting</Sign>
    case 'offline':
      return <Sign tone="bad">Offline. Waiting for a network</Sign>
    case 'off':
      return <Sign tone="bad">Not live</Sign>
    case 'ended':
      return (
        <>
          <Sign tone="bad">{connection.reason}</Sign>
          <ActionButton onPress={retryNow}>Connect again</ActionButton>
        </>
      )
    case 'reconnecting':
      return (
        <>
          <Sign tone="wait">
            Reconnecting, try {connection.attempt}
            {connection.retryAt === null ? '' : <Countdown until={connection.retryAt} />}
          </Sign>
          {connection.retryAt === null ? null : <ActionButton onPress={retryNow}>Now</ActionButton>}
        </>
      )
  }
}

function Countdown({ until }: { until: Date }) {
  const now = useNow(TICK_MS)
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / TICK_MS))
  // Counting down aloud would drown everything else.
  return <span aria-hidden>, in {seconds} s</span>
}

function Sign({ tone, children }: { tone: 'good' | 'wait' | 'bad'; children: React.ReactNode }) {
  return (
    <span className={css['sign']} data-tone={tone} role="status">
      <span className={css['dot']} aria-hidden />
      <span>
        <span className="visually-hidden">Stream: </span>
        {children}
      </span>
    </span>
  )
}
