import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLive } from '../../lib/live.tsx'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { TimeAgo } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/page.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import css from './sandbox.module.css'

/** Renewed at most this often, however many webhooks arrive. */
const RENEW_MS = 1_000
/** An order is unknown here until its first webhook; without a live feed it is looked for this often. */
const LOOK_AGAIN_MS = 5_000
/** A search for a whole order ID finds it first; the others share a part with it. */
const FOUND_MAX = 5

type SandboxOrdersProps = {
  orderRefs: readonly string[]
  /** What was made last, and what to expect of it. */
  told: string | null
}

/** The orders made on this page since it was opened, as webhooks tell of them. */
export function SandboxOrders({ orderRefs, told }: SandboxOrdersProps) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const orders = useQueries({
    queries: orderRefs.map((orderRef) =>
      // The list answers an order that is not known yet with no row, where `get` would be an error.
      trpc.orders.list.queryOptions(
        { q: `order:"${orderRef}"`, limit: FOUND_MAX },
        {
          retry: false,
          select: ({ rows }) => rows.find((row) => row.orderRef === orderRef) ?? null,
          refetchInterval: (query) =>
            query.state.data?.rows.some((row) => row.orderRef === orderRef) ? false : LOOK_AGAIN_MS,
        },
      ),
    ),
  })
  useRenewal(orderRefs.length > 0)
  if (orderRefs.length === 0) {
    return (
      <Section title="What you made">
        <p className="muted">Orders you create here appear with their status, as their webhooks arrive.</p>
      </Section>
    )
  }
  return (
    <Section title="What you made">
      <p className="muted">{told}</p>
      <table className={css['made']}>
        <caption className="visually-hidden">Orders made on this page, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Status</th>
            <th scope="col" className={css['end']}>
              Amount
            </th>
            <th scope="col">Attempts</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {orderRefs.map((orderRef, i) => {
            const query = orders[i]
            const order = query?.data
            return (
              <tr key={orderRef}>
                <th scope="row">
                  {order ? (
                    <Link to={orderPath(orderRef)} className="mono">
                      {orderRef}
                    </Link>
                  ) : (
                    <span className="mono">{orderRef}</span>
                  )}
                  <CopyButton text={orderRef} what="order ID" />
                </th>
                {order ? (
                  <>
                    <td>
                      <StatusChip status={order.displayStatus} detail={order.providerStatus} />
                    </td>
                    <td className={css['end']}>
                      <Money value={{ minor: order.amountMinor, currency: order.currency }} />
                    </td>
                    <td className="num">{order.attemptCount}</td>
                    <td>
                      <TimeAgo at={order.changedAt} />
                    </td>
                  </>
                ) : (
                  <td colSpan={4} className="muted">
                    {query?.error ? 'Not loaded. Open it in Transactions.' : 'Waiting for its first webhook'}
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </Section>
  )
}

function useRenewal(enabled: boolean): void {
  const trpc = useTRPC()
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
      timer.current = null
    },
    [],
  )
  useLive((message) => {
    if (!enabled || message.kind !== 'change' || message.subject !== 'order') return
    timer.current ??= setTimeout(() => {
      timer.current = null
      void client.invalidateQueries({ queryKey: trpc.orders.list.pathKey() })
    }, RENEW_MS)
  })
}
