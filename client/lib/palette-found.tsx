/** What the search box found, as lines of the palette: enough of each record to know it by. */
import type { inferOutput } from '@trpc/tanstack-react-query'
import { orderMoney } from '../../server/domain/money.ts'
import { ROLE_LABELS } from '../../server/domain/permission.ts'
import { copyText } from '../ui/copy-button.tsx'
import { DateTime } from '../ui/date-time.tsx'
import { Money } from '../ui/money.tsx'
import type { PaletteAct, PaletteItem } from '../ui/palette-items.ts'
import { StatusChip } from '../ui/status-chip.tsx'
import { batchWord } from './batch-chip.ts'
import { bulkPath } from './batch-progress.ts'
import { orderPath } from './order-path.ts'
import { OutcomeMark } from './outcome-mark.tsx'
import { outcomeWord } from './outcome-words.ts'
import { refundChip } from './refund-chip.ts'
import type { useTRPC } from './trpc.ts'

export type Found = inferOutput<ReturnType<typeof useTRPC>['search']['find']>

/** Opens an address. */
export type Go = (path: string, newTab?: boolean) => void

/** Where a line leads. */
export function at(go: Go, to: string): Pick<PaletteItem, 'to' | 'run'> {
  return { to, run: ({ newTab }) => go(to, newTab) }
}

/** What can be done with a found order beside opening it, and why it cannot. */
export type OrderActs = {
  refundReason: (order: Found['orders'][number]) => string | null
  checkDenied: string | null
  onCheck: (order: { id: string; orderRef: string }) => void
}

/** Found records that are no orders as lines, in groups of their kinds. */
export function recordItems(found: Omit<Found, 'orders'>, go: Go): PaletteItem[] {
  return [
    ...found.refunds.map((refund) => ({
      id: `refund-${refund.id}`,
      group: 'Refunds',
      label: `${refund.uniqueRequestId} of ${refund.orderRef}`,
      detail: <RefundFacts record={refund} at={refund.changedAt} />,
      ...at(go, `/refunds/${refund.id}`),
    })),
    ...found.events.map((event) => ({
      id: `event-${event.id}`,
      group: 'Events',
      label: `${event.eventName ?? 'Event'} of ${event.orderRef ?? 'no order'}`,
      detail: (
        <>
          <OutcomeMark word={outcomeWord({ ...event, error: null })} />
          <Time at={event.receivedAt} />
        </>
      ),
      ...at(go, `/events/${event.id}`),
    })),
    ...found.requests.map((request) => ({
      id: `request-${request.id}`,
      group: 'Approvals',
      label: `Refund request of ${request.orderRef}`,
      detail: <RefundFacts record={{ ...request, confirming: false }} at={request.requestedAt} />,
      ...at(go, `/approvals?id=${request.id}`),
    })),
    ...found.batches.map((batch) => ({
      id: `batch-${batch.id}`,
      group: 'Batches',
      label: `Batch ${batch.no}, ${batch.name}`,
      detail: <BatchFacts batch={batch} />,
      ...at(go, bulkPath(batch.id)),
    })),
    ...found.people.map((person) => ({
      id: `person-${person.id}`,
      group: 'People',
      label: person.name,
      detail: (
        <span className="caption">
          {person.email}, {ROLE_LABELS[person.role]}
        </span>
      ),
      ...at(go, `/users?user=${person.id}`),
    })),
  ]
}

function Time({ at }: { at: Date }) {
  return (
    <span className="caption">
      <DateTime at={at} />
    </span>
  )
}

type RefundFactsProps = {
  record: Pick<Found['refunds'][number], 'amountMinor' | 'currency' | 'status' | 'confirming'>
  at: Date
}

/** A refund, or what is asked for: how much, how far, since when. */
function RefundFacts({ record, at }: RefundFactsProps) {
  const [role, label] = refundChip(record)
  return (
    <>
      <Money value={{ minor: record.amountMinor, currency: record.currency }} />
      <StatusChip status={role} label={label} />
      <Time at={at} />
    </>
  )
}

function BatchFacts({ batch }: { batch: Found['batches'][number] }) {
  const { role, label, detail } = batchWord(batch)
  return (
    <>
      <span className="caption">
        {batch.total} {batch.total === 1 ? 'row' : 'rows'}
      </span>
      <StatusChip status={role} label={label} detail={detail} />
      <Time at={batch.createdAt} />
    </>
  )
}

/** Found orders as lines, each with what can be done with it. */
export function orderItems(orders: Found['orders'], go: Go, acts: OrderActs): PaletteItem[] {
  return orders.map((order) => {
    const path = orderPath(order.orderRef)
    return {
      id: `order-${order.id}`,
      group: 'Orders',
      label: order.orderRef,
      detail: (
        <>
          <span className="caption">{order.matched[0]}</span>
          <Money value={orderMoney(order)} />
          <StatusChip status={order.displayStatus} />
          <Time at={order.createdAt} />
        </>
      ),
      ...at(go, path),
      more: orderActs(order, path, go, acts),
    }
  })
}

function orderActs(order: Found['orders'][number], path: string, go: Go, acts: OrderActs): PaletteAct[] {
  return [
    { id: 'tab', label: 'Open in a new tab', run: () => go(path, true) },
    {
      id: 'refund',
      label: 'Refund this order',
      disabledReason: acts.refundReason(order),
      run: () => go(`${path}/refund`),
    },
    {
      id: 'check',
      label: 'Check status with Juspay',
      disabledReason: acts.checkDenied,
      run: () => acts.onCheck(order),
    },
    { id: 'copy', label: 'Copy ID', run: () => void copyText(order.orderRef, 'order ID') },
    {
      id: 'link',
      label: 'Copy link',
      run: () => void copyText(`${window.location.origin}${path}`, 'link to the order'),
    },
  ]
}
