import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ORDER_SUBJECTS, useChangedIds } from '../../lib/use-changed-ids.ts'
import { useKit } from '../../ui/kit-context.ts'
import { Notice } from '../../ui/states.tsx'
import { formatTime } from '../../ui/time-format.ts'
import type { RefundPreview } from './refund-dialog-flow.ts'

/** Watches the order while the form is open, and tells when somebody else took of what is left. */
export function RefundChanged({ orderId, preview }: { orderId: string; preview: RefundPreview }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { timeZone } = useKit()
  const [opened] = useState(() => ({ leftMinor: preview.leftMinor, at: new Date() }))
  useChangedIds(ORDER_SUBJECTS, (ids) => {
    if (ids.includes(orderId))
      void client.invalidateQueries({ queryKey: trpc.refunds.preview.queryKey({ orderId }) })
  })
  const changed = preview.leftMinor !== opened.leftMinor
  const others = useQuery(trpc.refunds.byOrder.queryOptions({ orderId }, { enabled: changed, staleTime: 0 }))
  if (!changed) return null
  const { currency, leftMinor } = preview
  const money = (minor: bigint) => formatMoney({ minor, currency })
  const newest = others.data?.find((refund) => refund.requestedAt !== null && refund.requestedAt > opened.at)
  const left = `${money(leftMinor)} is left now.`
  return (
    <Notice tone="review" title="Changed since you opened this.">
      <p role="status">
        {newest?.requestedAt
          ? `${newest.requestedBy?.name ?? 'Somebody'} asked for ${money(newest.amountMinor)} at ${formatTime(newest.requestedAt, 'time', timeZone)}. ${left}`
          : `${money(opened.leftMinor)} was left then. ${left}`}
      </p>
    </Notice>
  )
}
