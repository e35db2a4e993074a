import { orderPath } from '../../lib/order-path.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { StatusChip } from '../../ui/status-chip.tsx'
import { formatDuration, formatTime } from '../../ui/time-format.ts'
import type { EventDetail, EventRow } from './event-types.ts'
import css from './events.module.css'

/** Where an event came from, when, and what it is about. */
export function EventFacts({ event }: { event: EventDetail }) {
  return (
    <div className={css['facts']}>
      <FactList
        facts={[
          { label: 'Received', value: <Millis at={event.receivedAt} /> },
          { label: 'From', value: <span className="mono">{event.remoteAddress}</span> },
          { label: 'Sender check', value: 'Passed: user name and password' },
          { label: 'Order', value: <AboutOrder event={event} /> },
          {
            label: 'Created by Juspay',
            value: event.occurredAt ? <Millis at={event.occurredAt} /> : 'Not said',
          },
          { label: 'Lag', value: event.lagMs === null ? null : lagText(event.lagMs) },
          {
            label: 'Applied after',
            value: event.tookMs === null ? null : formatDuration(Math.max(0, event.tookMs)),
          },
          { label: 'Delivered', value: <Deliveries event={event} /> },
          {
            label: 'Juspay’s ID',
            value: event.eventRef === null ? null : <Copied text={event.eventRef} what="Juspay’s ID" />,
          },
          { label: 'Size', value: `${event.sizeBytes.toLocaleString('en-IN')} bytes` },
          { label: 'SHA-256', value: <Copied text={event.sha256} what="checksum" /> },
          { label: 'Error', value: event.error },
        ]}
      />
    </div>
  )
}

/** To the millisecond, with day and zone: what a support ticket at Juspay asks for. */
function Millis({ at }: { at: Date }) {
  const { timeZone } = useKit()
  return (
    <time dateTime={at.toISOString()} className="num">
      {formatTime(at, 'date', timeZone)}, {formatTime(at, 'millis', timeZone)} {timeZone}
    </time>
  )
}

function lagText(lagMs: number): string {
  return lagMs < 0 ? 'None: dated after it came' : formatDuration(lagMs)
}

function AboutOrder({ event }: { event: EventRow }) {
  const { link: Link } = useKit()
  if (event.orderRef === null) return 'Not matched'
  if (event.orderId === null)
    return (
      <>
        <span className="mono">{event.orderRef}</span>, not known here
      </>
    )
  return (
    <span className={css['outcome']}>
      <Link to={orderPath(event.orderRef)} className={css['order']}>
        {event.orderRef}
      </Link>
      <StatusChip status={event.orderStatus ?? 'unknown'} detail="The order as it is now" />
    </span>
  )
}

function Deliveries({ event }: { event: EventRow }) {
  if (event.deliveryCount === 1) return 'Once'
  return (
    <>
      {event.deliveryCount} times, first <DateTime at={event.receivedAt} format="millis" />, last{' '}
      <DateTime at={event.lastReceivedAt} format="millis" />. Processed once.
    </>
  )
}

function Copied({ text, what }: { text: string; what: string }) {
  return (
    <span className={css['copied']}>
      <span className="mono">{text}</span>
      <CopyButton text={text} what={what} />
    </span>
  )
}
