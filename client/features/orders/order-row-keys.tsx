import { useNavigate } from '@tanstack/react-router'
import { orderPath } from '../../lib/order-path.ts'
import { useRefundReason } from '../../lib/refund-reason.ts'
import { useCan } from '../../lib/session.ts'
import { copyText } from '../../ui/copy-button.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import type { OrderRow } from './order-types.ts'

type OrderRowKeysProps = {
  row: OrderRow | null
  /** Rows are selected: R and S are about those. */
  selecting: boolean
  onCheck: (row: OrderRow) => void
}

/** Keys for the row that has the focus: R, S, C, Shift+C. */
export function OrderRowKeys({ row, selecting, onCheck }: OrderRowKeysProps) {
  const navigate = useNavigate()
  const canSync = useCan('order:sync')
  const refundReason = useRefundReason()
  const ref = row?.orderRef ?? ''

  const group = 'This record' as const
  const alone = selecting ? null : row
  useShortcut(
    alone && {
      id: 'row.refund',
      keys: 'R',
      label: `Refund ${ref}`,
      group,
      disabledReason: refundReason(alone),
      run: () => void navigate({ to: '/orders/$orderId/refund', params: { orderId: ref } }),
    },
  )
  useShortcut(
    alone && {
      id: 'row.check',
      keys: 'S',
      label: `Check status of ${ref} with Juspay`,
      group,
      disabledReason: canSync.reason,
      run: () => onCheck(alone),
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
      run: () => void copyText(`${window.location.origin}${orderPath(ref)}`, 'link to the order'),
    },
  )
  return null
}
