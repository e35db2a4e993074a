import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { renewOrders } from '../../lib/renew-orders.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { toast } from '../../ui/toasts.tsx'
import { dropDraft, lostDrafts, saveDraft } from './refund-dialog-draft.ts'
import { isWatchedByDialog } from './refund-dialog-lost.ts'
import { resultOf } from './refund-dialog-result.tsx'

const EVERY_MS = 60_000

/**
 * Goes on asking what became of refunds whose dialog was closed before the answer came, and tells. Nothing is sent: it
 * asks by the key.
 */
export function LostRefunds() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { permissions } = useSession()
  const mayAsk = permissions.includes('refund:request')

  const look = useEffectEvent(async () => {
    for (const { orderId, draft } of lostDrafts()) {
      if (isWatchedByDialog(orderId)) continue
      const { clientKey } = draft
      try {
        const answer = await client.fetchQuery(
          trpc.refunds.byKey.queryOptions({ clientKey }, { staleTime: 0, retry: false }),
        )
        if (isWatchedByDialog(orderId)) continue
        if (answer === null) {
          saveDraft(orderId, { ...draft, sent: false })
          toast.info('A refund was not sent: the request never reached our server. Its form is kept.')
          continue
        }
        dropDraft(orderId)
        const { amountMinor: minor, currency, orderRef } = answer.request
        const { title } = resultOf(answer, undefined)
        toast.info(`${formatMoney({ minor, currency })} of order ${orderRef}: ${title}.`)
        await renewOrders(client, trpc)
      } catch {
        // Still no answer; asked again in a minute.
      }
    }
  })
  useEffect(() => {
    if (!mayAsk) return
    const timer = setInterval(() => void look(), EVERY_MS)
    return () => clearInterval(timer)
  }, [mayAsk])
  return null
}
