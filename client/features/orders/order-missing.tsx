import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toActProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState, Notice } from '../../ui/states.tsx'
import css from './order.module.css'

/** A reference that is not in our store: search further, or ask Juspay about it. */
export function OrderMissing({ orderRef }: { orderRef: string }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { link: Link } = useKit()
  const can = useCan('order:sync')
  const ask = useMutation(
    trpc.search.askJuspay.mutationOptions({
      onSuccess: ({ orderRef: found }) => {
        if (found !== null) void client.invalidateQueries({ queryKey: trpc.orders.get.pathKey() })
      },
    }),
  )
  const search = new URLSearchParams({ q: `order:${orderRef}`, t: 'all' })
  return (
    <>
      <EmptyState
        title={`No order ${orderRef} in this account.`}
        action={
          <>
            <ActionButton
              tone="primary"
              busy={ask.isPending}
              disabledReason={can.reason}
              onPress={() => ask.mutate({ orderRef })}
            >
              Ask Juspay
            </ActionButton>
            <Link to={`/transactions?${search.toString()}`}>Search all time</Link>
          </>
        }
      >
        Juspay has not told us about it. An order appears here with its first webhook, or when Juspay answers
        about it.
      </EmptyState>
      <div role="status" className={css['answer']}>
        {ask.data ? (
          <Notice tone="info">
            {ask.data.orderRef === null ? ask.data.message : 'Juspay knows it. It is here now.'}
          </Notice>
        ) : null}
      </div>
      {ask.error ? (
        <Notice tone="failed" title={toActProblem(ask.error).title}>
          {toActProblem(ask.error).message}
        </Notice>
      ) : null}
    </>
  )
}
