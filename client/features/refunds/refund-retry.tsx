import { useMutation, useQueryClient } from '@tanstack/react-query'
import { formatMoney } from '../../../server/domain/money.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { RefundDetail } from './refund-types.ts'
import { refundName } from './refund-words.ts'

type Retry = NonNullable<RefundDetail['retry']>

/** Says that a refund repeats a failed one, or is repeated itself. */
export function RetryLinks({ refund }: { refund: RefundDetail }) {
  const { link: Link } = useKit()
  const { retryOf, retriedBy } = refund
  if (retryOf === null && retriedBy === null) return null
  return (
    <Notice tone="info">
      {retryOf === null ? null : (
        <>
          This asks again for a refund that failed.{' '}
          <Link to={`/refunds/${retryOf}`}>Open the first</Link>{' '}
        </>
      )}
      {retriedBy === null ? null : (
        <>
          It was asked for again. <Link to={`/refunds/${retriedBy}`}>Open the new one</Link>
        </>
      )}
    </Notice>
  )
}

/** Asks for a failed refund again: a new request under a new key. The dialog says that the first one failed. */
export function RetryButton(props: { refund: RefundDetail; retry: Retry; onGo: (path: string) => void }) {
  const { refund, retry, onGo } = props
  const trpc = useTRPC()
  const client = useQueryClient()
  const can = useCan('refund:request')
  const again = useMutation(trpc.refunds.retry.mutationOptions())
  const money = formatMoney({ minor: refund.amountMinor, currency: refund.currency })

  function ask() {
    const { refundId } = refund
    if (refundId === null) return
    // One gesture: pressed twice, or sent again after a lost answer, it is the same request.
    const clientKey = crypto.randomUUID()
    void confirm({
      title: `Ask again for ${money}?`,
      facts: [
        { label: 'First try', value: refundName(refund) },
        { label: 'Failed', value: <DateTime at={refund.settledAt ?? refund.changedAt} format="full" /> },
        { label: 'Because', value: refund.errorMessage ?? refund.where },
      ],
      next: [
        'We ask Juspay once more whether the first try really failed.',
        'A new request with a new key goes through approval like any other.',
        'The first key is never sent again.',
      ],
      verb: `Ask again for ${money}`,
      run: () =>
        outcomeOf(async () => {
          const { request, message } = await again.mutateAsync({ refundId, clientKey, note: null })
          toast.success(message)
          await client.invalidateQueries({ queryKey: trpc.refunds.get.queryKey({ id: refund.id }) })
          onGo(`/refunds/${request.id}`)
        }),
    })
  }
  return (
    <ActionButton
      tone="primary"
      shortcut={{ id: 'refund.again', keys: 'R', label: 'Try again', group: 'This record' }}
      disabledReason={can.reason ?? retry.blockedReason}
      onPress={ask}
    >
      Try again
    </ActionButton>
  )
}
