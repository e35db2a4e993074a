import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { toProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { copyText } from '../../ui/copy-button.tsx'
import { ActionMenu } from '../../ui/menu.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import type { OrderReceipt, OrderReceiptProps } from './order-receipt.tsx'
import type { OrderDetail } from './order-types.ts'

const loadReceipt = () => import('./order-receipt.tsx')

type OrderMoreProps = {
  order: OrderDetail
  /** When the order was read. */
  asOf: Date
}

/** What else can be done with an order that is open, in a menu and in the palette. */
export function OrderMore({ order, asOf }: OrderMoreProps) {
  const { receipt, print } = useReceipt(order, asOf)
  const acts = [
    { id: 'copy', label: 'Copy ID', keys: 'C', run: () => void copyText(order.orderRef, 'order ID') },
    {
      id: 'link',
      label: 'Copy link',
      keys: 'Shift+C',
      run: () => void copyText(window.location.href, 'link to the order'),
    },
    { id: 'print', label: 'Print receipt', run: () => void print() },
  ]
  return (
    <>
      {acts.map((act) => (
        <PaletteAct key={act.id} act={act} />
      ))}
      <ActionMenu
        label={`More for order ${order.orderRef}`}
        shortcut={{ id: 'order.more', keys: '.', label: 'More acts for the order' }}
        entries={acts.map(({ run, ...entry }) => ({ ...entry, onPress: run }))}
        trigger={
          <button type="button" className="kit-button">
            More
          </button>
        }
      />
      {receipt}
    </>
  )
}

type Act = { id: string; label: string; keys?: string; run: () => void }

function PaletteAct({ act }: { act: Act }) {
  useShortcut({ ...act, id: `order.${act.id}`, group: 'This record' })
  return null
}

type Receipt = OrderReceiptProps & { Sheet: typeof OrderReceipt }

/**
 * The receipt while it is printed, and what prints it. It is there for that act alone: the browser's own print takes the
 * page with its timeline.
 */
function useReceipt(order: OrderDetail, asOf: Date) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [receipt, setReceipt] = useState<Receipt | null>(null)

  async function print() {
    try {
      const [{ OrderReceipt: Sheet }, refunds] = await Promise.all([
        loadReceipt(),
        order.refundCount === 0
          ? []
          : client.fetchQuery(trpc.refunds.byOrder.queryOptions({ orderId: order.id })),
      ])
      // At once: the browser takes the page as it stands.
      flushSync(() => setReceipt({ Sheet, order, refunds, asOf, printedAt: new Date() }))
    } catch (error) {
      const { title, message } = toProblem(error, 'the receipt')
      toast.error(title, message)
      return
    }
    window.addEventListener('afterprint', () => setReceipt(null), { once: true })
    window.print()
  }

  if (receipt === null) return { receipt: null, print }
  const { Sheet, ...props } = receipt
  return { receipt: <Sheet {...props} />, print }
}
