import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { splitPrefix, type PaletteItem } from '../ui/palette-items.ts'
import { toast } from '../ui/toasts.tsx'
import { refusalOf, toProblem } from './errors.ts'
import { orderPath } from './order-path.ts'
import { at, orderItems, recordItems, type Found, type Go, type OrderActs } from './palette-found.tsx'
import { useRefundReason } from './refund-reason.ts'
import { useCan } from './session.ts'
import { useTRPC } from './trpc.ts'
import { useCheckRow } from './use-check-status.ts'

const DEBOUNCE_MS = 120
const RESULTS_MAX = 6
/** One letter finds everything and helps nobody. */
const QUERY_CHARS_MIN = 2
/** No name of several words. */
const ADDRESS_END = /^[\w.-]+$/

/** What the palette's text finds, as its lines, and whether they are still of another text; `go` opens an address. */
export function usePaletteSearch(
  text: string,
  go: Go,
): { results: PaletteItem[]; searching: boolean; status?: string } {
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
  const due = !off && query.length >= QUERY_CHARS_MIN
  const search = useQuery(
    trpc.search.find.queryOptions(
      { text: settled.query, people: settled.people, limit: RESULTS_MAX },
      { enabled: wanted, placeholderData: keepPreviousData },
    ),
  )
  const behind = settled.query !== query || settled.people !== people
  const searching = due && (behind || search.isPlaceholderData || search.isPending)
  if (!wanted) return { results: [], searching }
  if (search.isError) return { results: [], searching, status: toProblem(search.error, 'results').title }
  if (!search.data) return { results: [], searching, status: 'Searching…' }
  const more = searchPath(settled.query)
  const found = [...orderItems(search.data.orders, go, acts), ...recordItems(search.data, go)]
  return {
    searching,
    results: [
      ...found,
      ...(found.length > 0 || settled.people ? [] : widerItems(search.data, go)),
      ...(settled.people
        ? addressItems(settled.query, go)
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

/** What stands behind an @ may also be the end of an address that paid: "@okhdfcbank". */
export function addressItems(query: string, go: Go): PaletteItem[] {
  if (!ADDRESS_END.test(query)) return []
  const label = `Search payments for @${query}`
  return [{ id: 'payments', group: 'Search', label, ...at(go, searchPath(`@${query}`)) }]
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

export function searchPath(text: string): string {
  return `/search?q=${encodeURIComponent(text)}`
}

function useOrderActs(): OrderActs {
  const { checkRow } = useCheckRow()
  return {
    refundReason: useRefundReason(),
    checkDenied: useCan('order:sync').reason,
    onCheck: (order) => void checkRow(order),
  }
}
