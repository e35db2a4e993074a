import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { BULK_SELECTION_MAX } from '../../../server/domain/bulk-row.ts'
import { useCan } from '../../lib/session.ts'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { copyText } from '../../ui/copy-button.tsx'
import { SelectionBar } from '../../ui/selection-bar.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { sumText } from './order-columns.tsx'
import type { OrderRow } from './order-types.ts'
import { useCheckMany } from './use-check-status.ts'

/** The server checks at most this many orders in one go. */
const CHECK_MAX = 200

type OrderSelectionProps = { rows: readonly OrderRow[]; onClear: () => void; onExport: () => void }

/** What can be done with the selected rows. */
export function OrderSelection({ rows, onClear, onExport }: OrderSelectionProps) {
  const canExport = useCan('export:create')
  const navigate = useNavigate()
  const canCheck = useCan('recon:run')
  const canRefund = useCan('refund:request')
  const { check, busy } = useCheckMany()
  const bulk = useBulkRefund()
  const [only] = rows
  return (
    <SelectionBar count={rows.length} noun="orders" summary={sumText(rows)} onClear={onClear}>
      <ActionButton
        shortcut={{
          id: 'orders.refund',
          keys: 'R',
          label: rows.length > 1 ? 'Refund the selected orders' : 'Refund the selected order',
        }}
        busy={bulk.busy}
        disabledReason={
          rows.length > 1 ? bulk.reason(rows.length) : (canRefund.reason ?? (only && refundReason(only)))
        }
        onPress={() => {
          if (rows.length > 1) void bulk.make(rows)
          else if (only) void navigate({ to: '/orders/$orderId/refund', params: { orderId: only.orderRef } })
        }}
      >
        {rows.length > 1 ? `Refund ${rows.length}…` : 'Refund'}
      </ActionButton>
      <ActionButton
        shortcut={{ id: 'orders.check', keys: 'S', label: 'Check status of the selected orders' }}
        busy={busy}
        disabledReason={
          canCheck.reason ?? (rows.length > CHECK_MAX ? `At most ${CHECK_MAX} orders at once.` : null)
        }
        onPress={() => void check(rows.map((row) => row.id))}
      >
        Check status
      </ActionButton>
      <ActionButton disabledReason={canExport.reason} onPress={onExport}>
        Export
      </ActionButton>
    </SelectionBar>
  )
}

/** Makes a batch of several orders; its own page checks each of them and asks for the total. */
function useBulkRefund() {
  const trpc = useTRPC()
  const navigate = useNavigate()
  const can = useCan('refund:bulk')
  const fromOrders = useMutation(trpc.bulk.fromOrders.mutationOptions())
  return {
    busy: fromOrders.isPending,
    reason: (count: number) =>
      can.reason ??
      (count > BULK_SELECTION_MAX
        ? `At most ${BULK_SELECTION_MAX} orders at once. More can be uploaded as a file.`
        : null),
    async make(rows: readonly OrderRow[]) {
      const input = { orderIds: rows.map(({ id }) => id), requestKey: crypto.randomUUID() }
      try {
        const { id } = await fromOrders.mutateAsync(input)
        await navigate({ to: '/refunds/bulk/$batchId', params: { batchId: id } })
      } catch (error) {
        const { title, message } = toActProblem(error)
        toast.error(title, message)
      }
    },
  }
}

/** Why an order of the list cannot be refunded; the order's own page has the full answer. */
export function refundReason(row: OrderRow): string | null {
  if (row.paymentStatus !== 'charged') return 'Order is not charged.'
  return row.leftMinor > 0n ? null : 'Nothing left to refund.'
}

/** Keys for the row that has the focus: R, S, C, Shift+C. */
export function OrderRowKeys({ row, onCheck }: { row: OrderRow | null; onCheck: (row: OrderRow) => void }) {
  const navigate = useNavigate()
  const canSync = useCan('order:sync')
  const canRefund = useCan('refund:request')
  const ref = row?.orderRef ?? ''

  const group = 'This record' as const
  useShortcut(
    row && {
      id: 'row.refund',
      keys: 'R',
      label: `Refund ${ref}`,
      group,
      disabledReason: canRefund.reason ?? refundReason(row),
      run: () => void navigate({ to: '/orders/$orderId/refund', params: { orderId: ref } }),
    },
  )
  useShortcut(
    row && {
      id: 'row.check',
      keys: 'S',
      label: `Check status of ${ref} with Juspay`,
      group,
      disabledReason: canSync.reason,
      run: () => onCheck(row),
    },
  )
  useShortcut(
    row && {
      id: 'row.copy',
      keys: 'C',
      label: `Copy ID ${ref}`,
      group,
      run: () => void copyText(ref, 'order ID'),
    },
  )
  useShortcut(
    row && {
      id: 'row.link',
      keys: 'Shift+C',
      label: `Copy link to ${ref}`,
      group,
      run: () =>
        void copyText(`${window.location.origin}/orders/${encodeURIComponent(ref)}`, 'link to the order'),
    },
  )
  return null
}
