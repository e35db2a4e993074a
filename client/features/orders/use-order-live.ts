import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLive } from '../../lib/live.tsx'
import { renewOrders } from '../../lib/renew-orders.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { usePollWhileDown } from '../../lib/use-catch-up.ts'

/** Renewed at most this often, however many webhooks arrive. */
const RENEW_MS = 1_000

/** Renews everything about one order when it changes, and now and then while nobody can tell. */
export function useOrderLive(orderId: string): void {
  const trpc = useTRPC()
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  function renew() {
    void renewOrders(client, trpc)
    void client.invalidateQueries({ queryKey: trpc.notes.list.queryKey({ orderId }) })
    void client.invalidateQueries({ queryKey: trpc.tags.list.queryKey({ orderId }) })
    void client.invalidateQueries({ queryKey: trpc.refunds.byOrder.queryKey({ orderId }) })
  }
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
      timer.current = null
    },
    [orderId],
  )
  useLive((message) => {
    if (message.kind !== 'change') return
    // A request or refund changes its order in the same transaction, so the order's id is enough.
    if (message.subject !== 'order' || message.subjectId !== orderId) return
    timer.current ??= setTimeout(() => {
      timer.current = null
      renew()
    }, RENEW_MS)
  })
  usePollWhileDown(renew)
}
