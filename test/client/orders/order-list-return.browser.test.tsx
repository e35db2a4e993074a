import type { OrderRow } from '../../../client/features/orders/order-types.ts'
import { DEFAULT_SEARCH } from '../../../client/features/orders/order-views.ts'
import { useOrderList } from '../../../client/features/orders/use-order-list.ts'
import { fakeApi } from '../approvals/fake-api.tsx'
import { openStanding, START, testStanding } from '../standing-list.tsx'
import { orderRow } from './order-row.ts'

const row = (n: number, change: Partial<OrderRow> = {}): OrderRow =>
  orderRow(n, { createdAt: new Date(START + n), displayStatus: 'pending', ...change })

function List() {
  const { rows, newer } = useOrderList(DEFAULT_SEARCH, {
    range: { from: null, to: null },
    readable: true,
    leftRow: null,
    firstInSight: () => 0,
  })
  const words = rows.map((row) => `${row.orderRef} ${row.displayStatus}`)
  return <output aria-label="List">{`${words.join(', ')}; ${newer} new`}</output>
}

testStanding((wire) => {
  let rows = [row(2), row(1)]
  const api = fakeApi({
    'orders.list': () => ({ rows, nextCursor: null, previousCursor: null, asOf: new Date(START) }),
    'orders.total': () => ({ count: 2, exact: true, within: 0 }),
    'orders.rows': (input) => rows.filter(({ id }) => JSON.stringify(input).includes(id)),
  })
  const change = () => {
    rows = [row(3), row(2), row(1, { displayStatus: 'charged' })]
  }
  return openStanding({ api, role: 'ops', wire, List, change })
}, 'ord_2 pending, ord_1 charged; 1 new')
