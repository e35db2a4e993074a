import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { inferOutput } from '@trpc/tanstack-react-query'
import { useEffect, useState } from 'react'
import { copyText } from '../ui/copy-button.tsx'
import { DateTime } from '../ui/date-time.tsx'
import { Money } from '../ui/money.tsx'
import { splitPrefix, type PaletteAct, type PaletteItem } from '../ui/palette-items.ts'
import { StatusChip } from '../ui/status-chip.tsx'
import { toast } from '../ui/toasts.tsx'
import { refusalOf, toProblem } from './errors.ts'
import { useCan } from './session.ts'
import { useTRPC } from './trpc.ts'
import { useCheckRow } from './use-check-status.ts'

const DEBOUNCE_MS = 120
const RESULTS_MAX = 6
/** One letter finds everything and helps nobody. */
const QUERY_CHARS_MIN = 2

export type Found = inferOutput<ReturnType<typeof useTRPC>['search']['find']>

type Go = (path: string, newTab?: boolean) => void

/** What the palette's text finds, as its lines; `go` opens an address. */
export function usePaletteSearch(text: string, go: Go): { results: PaletteItem[]; status?: string } {
  const trpc = useTRPC()
  const [settled, setSettled] = useState({ query: '', people: false })
  const { prefix, query } = splitPrefix(text)
  const people = prefix === '@'
  const off = prefix === '>' || prefix === '?'
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ query: off ? '' : query, people }), DEBOUNCE_MS)
    return () => clearTimeout(timer)
  }, [query, people, off])
  const ask = useAskJuspay(go)
  const canAsk = useCan('order:sync')
  const acts = useOrderActs()
  const wanted = !off && settled.query.length >= QUERY_CHARS_MIN
  const search = useQuery(
    trpc.search.find.queryOptions(
      { text: settled.query, people: settled.people, limit: RESULTS_MAX },
      { enabled: wanted, placeholderData: keepPreviousData },
    ),
  )
  if (!wanted) return { results: [] }
  if (search.isError) return { results: [], status: toProblem(search.error, 'results').title }
  if (!search.data) return { results: [], status: 'Searching…' }
  const more = searchPath(settled.query)
  const found = [...orderItems(search.data.orders, go, acts), ...recordItems(search.data, go)]
  return {
    results: [
      ...found,
      ...(found.length > 0 || settled.people ? [] : widerItems(search.data, go)),
      ...(settled.people
        ? []
        : [
            {
              id: 'everything',
              group: 'Search',
              label: 'All results',
              ...at(go, more),
            },
          ]),
      ...(search.data.ask === null
        ? []
        : [
            {
              id: 'ask-juspay',
              group: 'Search',
              label: `Not here: ask Juspay for ${search.data.ask}`,
              disabledReason: canAsk.reason,
              run: () => ask(search.data.ask ?? ''),
            },
          ]),
    ],
  }
}

/** When nothing was found of the time that the text names: says so, and looks for the rest of it in all time. */
export function widerItems({ within }: Found, go: Go): PaletteItem[] {
  if (within === null || within.rest === '') return []
  const label = `Nothing found of ${within.label}: search all time`
  return [{ id: 'wider', group: 'Search', label, ...at(go, searchPath(within.rest)) }]
}

/** Asks Juspay for an order that is not here, and opens it when Juspay knows it. */
export function useAskJuspay(go: Go): (orderRef: string) => void {
  const trpc = useTRPC()
  const asking = useMutation(
    trpc.search.askJuspay.mutationOptions({
      onSuccess: (learned) => {
        if (learned.orderRef === null) {
          toast.info(learned.message)
          return
        }
        toast.success(`Juspay knows order ${learned.orderRef}. It is here now.`)
        go(orderPath(learned.orderRef))
      },
      onError: (error) => {
        const refusal = refusalOf(error)
        if (refusal) toast.error(refusal.message, refusal.hint ?? 'Nothing was changed.')
        else toast.error('Juspay was not asked.', 'Paydesk did not answer. Try again.')
      },
    }),
  )
  return (orderRef) => asking.mutate({ orderRef })
}

function at(go: Go, to: string): Pick<PaletteItem, 'to' | 'run'> {
  return { to, run: ({ newTab }) => go(to, newTab) }
}

export function searchPath(text: string): string {
  return `/search?q=${encodeURIComponent(text)}`
}

function orderPath(orderRef: string): string {
  return `/orders/${encodeURIComponent(orderRef)}`
}

/** What can be done with a found order beside opening it, and why it cannot. */
type OrderActs = {
  refundDenied: string | null
  checkDenied: string | null
  onCheck: (order: { id: string; orderRef: string }) => void
}

function useOrderActs(): OrderActs {
  const { checkRow } = useCheckRow()
  return {
    refundDenied: useCan('refund:request').reason,
    checkDenied: useCan('order:sync').reason,
    onCheck: (order) => void checkRow(order),
  }
}

/** Found records that are no orders as lines, in groups of their kinds. */
export function recordItems(found: Omit<Found, 'orders'>, go: Go): PaletteItem[] {
  return [
    ...found.refunds.map((refund) => ({
      id: `refund-${refund.id}`,
      group: 'Refunds',
      label: `${refund.uniqueRequestId} of ${refund.orderRef}`,
      detail: <Money value={{ minor: refund.amountMinor, currency: refund.currency }} />,
      ...at(go, `/refunds/${refund.id}`),
    })),
    ...found.events.map((event) => ({
      id: `event-${event.id}`,
      group: 'Events',
      label: `${event.eventName ?? 'Event'} of ${event.orderRef ?? 'no order'}`,
      detail: (
        <span className="caption">
          <DateTime at={event.receivedAt} />
        </span>
      ),
      ...at(go, `/events/${event.id}`),
    })),
    ...found.requests.map((request) => ({
      id: `request-${request.id}`,
      group: 'Approvals',
      label: `Refund request of ${request.orderRef}`,
      detail: <Money value={{ minor: request.amountMinor, currency: request.currency }} />,
      ...at(go, `/approvals?id=${request.id}`),
    })),
    ...found.batches.map((batch) => ({
      id: `batch-${batch.id}`,
      group: 'Batches',
      label: `Batch ${batch.no}, ${batch.name}`,
      detail: <span className="caption">{batch.total} rows</span>,
      ...at(go, `/refunds/bulk/${batch.id}`),
    })),
    ...found.people.map((person) => ({
      id: `person-${person.id}`,
      group: 'People',
      label: person.name,
      detail: <span className="caption">{person.email}</span>,
      ...at(go, `/users?user=${person.id}`),
    })),
  ]
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
          <Money value={{ minor: order.amountMinor, currency: order.currency }} />
          <StatusChip status={order.displayStatus} />
          <span className="caption">
            <DateTime at={order.createdAt} />
          </span>
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
      disabledReason: acts.refundDenied,
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
