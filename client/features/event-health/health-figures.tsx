import { DateTime, useNow } from '../../ui/date-time.tsx'
import { FactList, FigureStrip } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { NoValue } from '../../ui/money.tsx'
import { Section } from '../../ui/page.tsx'
import { formatAge, formatDuration } from '../../ui/time-format.ts'
import type { WebhookHealth } from './health-types.ts'
import {
  comparisonText,
  countText,
  figuresText,
  partitionText,
  rateText,
  since,
  sizeText,
  troubleText,
} from './health-words.ts'
import css from './event-health.module.css'

const TICK_MS = 1_000

type HealthProps = { health: WebhookHealth }

/** The figures one looks at first. */
export function HealthFigures({ health }: HealthProps) {
  const now = useNow(TICK_MS)
  const { link: Link } = useKit()
  const { rate, recentMs, lag, apply, backlog, failed, dead, unconfirmed } = health
  return (
    <div className={css['figures']}>
      <FigureStrip
        figures={[
          {
            label: 'Rate, last 5 min',
            value: <Figure main={rateText(rate.count / recentMs)} detail={comparisonText(rate)} />,
          },
          { label: 'Event to received', value: <DelayFigure delay={lag} /> },
          { label: 'Received to applied', value: <DelayFigure delay={apply} /> },
          {
            label: 'Waiting',
            value: (
              <Figure
                main={backlog.count === 0 ? 'None' : countText(backlog)}
                detail={backlog.oldestAt ? `oldest ${since(backlog.oldestAt, now)}` : 'everything is applied'}
              />
            ),
          },
          {
            label: 'Not applied',
            value: (
              <Figure
                main={
                  failed + dead === 0 ? 'None' : <Link to="/events/failed">{troubleText(failed, dead)}</Link>
                }
                detail={failed + dead === 0 ? 'nothing to do' : 'tried again, or waiting for you'}
              />
            ),
          },
          {
            label: 'Unconfirmed money',
            value: (
              <Figure
                main={
                  unconfirmed.count === 0
                    ? 'None'
                    : `${unconfirmed.count} ${unconfirmed.count === 1 ? 'order' : 'orders'}`
                }
                detail={
                  unconfirmed.oldestAt
                    ? `oldest ${since(unconfirmed.oldestAt, now)}`
                    : 'Juspay confirms it all'
                }
              />
            ),
          },
        ]}
      />
    </div>
  )
}

function Figure({ main, detail }: { main: React.ReactNode; detail: string }) {
  return (
    <>
      {main}
      <span className={css['detail']}>{detail}</span>
    </>
  )
}

function DelayFigure({ delay }: { delay: WebhookHealth['lag'] }) {
  if (delay === null) return <Figure main={<NoValue />} detail="nothing in 15 min" />
  return (
    <Figure main={`p50 ${short(delay.p50)}`} detail={`p95 ${short(delay.p95)}, p99 ${short(delay.p99)}`} />
  )
}

/** "1.4 s": between a second and ten a whole number is too coarse. */
function short(ms: number): string {
  return ms >= 1_000 && ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : formatDuration(ms)
}

/** How much is kept, for how long, and how safely. */
export function StorageSection({ health: { storage, streams, lastReceivedAt, figures } }: HealthProps) {
  const { partitions, unsafeSettings, retentionDays } = storage
  const held = partitions.filter(({ events }) => events > 0)
  return (
    <Section title="Storage">
      <FactList
        facts={[
          {
            label: 'Durability',
            value:
              unsafeSettings.length === 0
                ? 'Events are on disk before they are answered'
                : `At risk: ${unsafeSettings.join(', ')} off`,
          },
          { label: 'Kept for', value: `${retentionDays} days` },
          {
            label: 'Size',
            value: sizeText(partitions.reduce((sum, { bytes }) => sum + bytes, 0)),
          },
          {
            label: 'By month',
            value:
              held.length === 0
                ? 'About no events'
                : held
                    .map(
                      ({ bucket, events, bytes }) =>
                        `${partitionText(bucket)}: about ${Math.round(events).toLocaleString('en-IN')} events, ${sizeText(bytes)}`,
                    )
                    .join('; '),
          },
          { label: 'Figures of the overview', value: <FiguresCheck figures={figures} /> },
          { label: 'Open live feeds', value: `${streams} on this server` },
          { label: 'Last event', value: lastReceivedAt && <DateTime at={lastReceivedAt} format="full" /> },
        ]}
      />
    </Section>
  )
}

/** Whether the overview is what a recount of the orders says. */
function FiguresCheck({ figures: { checkedAt, difference } }: { figures: WebhookHealth['figures'] }) {
  const now = useNow(TICK_MS)
  if (checkedAt === null) return 'Not counted again yet'
  return (
    <>
      {figuresText(difference)}
      <span className={css['detail']}>one day counted again {formatAge(checkedAt, now)}</span>
    </>
  )
}
