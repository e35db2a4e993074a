import { useNavigate } from '@tanstack/react-router'
import { neighbourOf } from '../../lib/list-neighbours.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { nextTab, ORDER_TAB_LABELS, ORDER_TABS, type OrderTab } from './order-tabs.ts'

type OrderKeysProps = { orderRef: string; tab: OrderTab; onTab: (tab: OrderTab) => void }

/** Keys of an order's page: its tabs, and the next and previous order of the list it was opened from. */
export function OrderKeys({ orderRef, tab, onTab }: OrderKeysProps) {
  return (
    <>
      <TurnKey id="tab.previous" keys="[" label="Previous tab" onTurn={() => onTab(nextTab(tab, -1))} />
      <TurnKey id="tab.next" keys="]" label="Next tab" onTurn={() => onTab(nextTab(tab, 1))} />
      {ORDER_TABS.map((id, i) => (
        <TabKey key={id} tab={id} number={i + 1} onTab={onTab} />
      ))}
      <NeighbourKey orderRef={orderRef} tab={tab} by={1} keys="J" label="Next order of the list" />
      <NeighbourKey orderRef={orderRef} tab={tab} by={-1} keys="K" label="Previous order of the list" />
    </>
  )
}

function TurnKey(props: { id: string; keys: string; label: string; onTurn: () => void }) {
  useShortcut({ id: props.id, keys: props.keys, label: props.label, palette: false, run: props.onTurn })
  return null
}

function TabKey({ tab, number, onTab }: { tab: OrderTab; number: number; onTab: (tab: OrderTab) => void }) {
  useShortcut({
    id: `tab.${tab}`,
    keys: String(number),
    label: ORDER_TAB_LABELS[tab],
    run: () => onTab(tab),
  })
  return null
}

function NeighbourKey(props: { orderRef: string; tab: OrderTab; by: 1 | -1; keys: string; label: string }) {
  const { orderRef, tab, by, keys, label } = props
  const navigate = useNavigate()
  const ref = neighbourOf(orderRef, by)
  useShortcut({
    id: `order.neighbour.${by}`,
    keys,
    label,
    palette: false,
    disabledReason: ref === null ? 'There is no further order in the list you came from.' : null,
    run: () => {
      if (ref !== null)
        void navigate({ to: '/orders/$orderId', params: { orderId: ref }, search: { tab }, replace: true })
    },
  })
  return null
}
