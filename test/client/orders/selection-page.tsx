/** A list of orders with its selection bar, for tests of what is done with a selection. */
import { useState } from 'react'
import { render } from 'vitest-browser-react'
import { ExportDialog } from '../../../client/features/orders/export-dialog.tsx'
import { OrderRowKeys } from '../../../client/features/orders/order-row-keys.tsx'
import { OrderSelection } from '../../../client/features/orders/order-selection.tsx'
import type { AllMatching, OrderRow } from '../../../client/features/orders/order-types.ts'
import { DEFAULT_SEARCH, type OrderSearch } from '../../../client/features/orders/order-views.ts'
import { useSelection } from '../../../client/features/orders/use-selection.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'
import { orderRow } from './order-row.ts'
import { NowhereRouter } from '../nowhere-router.tsx'

const AT = new Date('2026-11-22T09:00:00Z')

const MATCHING: AllMatching = {
  token: 'all',
  asOf: AT,
  count: 48_207,
  sums: [{ currency: 'INR', count: 48_207, amountMinor: 482_070_000n, refundable: 0, refundableMinor: 0n }],
  blocked: [],
}
const ROWS = [
  orderRow(1),
  orderRow(2),
  orderRow(3, { unrefundable: 'nothing_left', leftMinor: 0n, refundState: 'full' }),
]
const RANGE = { from: null, to: null }
/** All ten that match, of which two changed since and do not come back. */
export const TEN: AllMatching = {
  ...MATCHING,
  count: 10,
  sums: [{ currency: 'INR', count: 10, amountMinor: 100_000n, refundable: 10, refundableMinor: 100_000n }],
}
export const EIGHT = Array.from({ length: 8 }, (_, i) => orderRow(i + 1))

/** A list that loads other rows in another order, as the real one does far down. */
function List({ more }: { more: readonly OrderRow[] }) {
  const [search, setSearch] = useState<OrderSearch>({ ...DEFAULT_SEARCH, q: 'status:charged' })
  const [exporting, setExporting] = useState(false)
  const [longer, setLonger] = useState(false)
  const rows =
    search.sort === '-amount' ? [...ROWS.slice(2), orderRow(4)] : longer ? [...ROWS, ...more] : ROWS
  // The instants of a relative range are others each time it is put on.
  const selection = useSelection(rows, { search, range: { ...RANGE }, onRestore: setSearch })
  const { ids, select } = selection
  return (
    <>
      <output aria-label="Filter">{`${search.q} ${search.t} ${search.sort}`}</output>
      <button onClick={() => setSearch({ ...search, sort: '-amount' })}>Sort</button>
      <button onClick={() => setSearch({ ...search, q: 'status:failed', t: '-7d' })}>Other filter</button>
      <button onClick={() => setLonger(true)}>Load more</button>
      <button onClick={selection.selectAll}>Select all</button>
      {rows.map(({ id, orderRef }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={ids.has(id)}
            onChange={() =>
              select(ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set([...ids, id]))
            }
          />
          {orderRef}
        </label>
      ))}
      <OrderSelection
        selection={selection}
        more
        total={null}
        rows={rows}
        columns={['order', 'amount', 'status']}
        onExport={() => setExporting(true)}
      />
      <OrderRowKeys row={rows[0] ?? null} selecting={selection.size > 0} onCheck={() => undefined} />
      {exporting ? (
        <ExportDialog
          source={{
            q: search.q,
            range: RANGE,
            sort: '-created',
            columns: [],
            chosen: [],
            all: selection.all,
            total: null,
          }}
          onClose={() => setExporting(false)}
        />
      ) : null}
    </>
  )
}

type Opened = {
  role?: Role
  more?: readonly OrderRow[]
  /** What all that match came to, and the rows of it that come back. */
  matching?: AllMatching
  selected?: readonly OrderRow[]
  /** Called when they are asked for. */
  onRead?: () => void
  /** What a check of each order comes to. */
  outcome?: 'unavailable' | 'no_change'
}

/** Opens it for somebody; `act` is an entry of its menu. */
export async function openSelection({
  role = 'finance',
  more = [],
  matching = MATCHING,
  selected = [],
  onRead,
  outcome = 'unavailable',
}: Opened = {}) {
  const api = fakeApi({
    'orders.selection': () => matching,
    'orders.selected': () => {
      onRead?.()
      return { rows: selected, nextCursor: null, asOf: AT }
    },
    'exports.list': () => [],
    'tags.known': () => [{ tag: 'late', count: 3 }],
    'tags.add': (input) => {
      const { orderIds, tags } = input as { orderIds: string[]; tags: string[] }
      if (tags.includes('a b,'))
        return new Refused('BAD_REQUEST', 'invalid_input', 'A tag is made of letters.')
      // The last one had it.
      return { orderIds: orderIds.slice(0, -1), added: orderIds.length - 1 }
    },
    'tags.remove': (input) => input,
    'bulk.fromOrders': () => ({ id: '00000000-0000-4000-8000-0000000000b1' }),
    'orders.checkMany': (input) =>
      (input as { orderIds: string[] }).orderIds.map((orderId) => ({
        orderId,
        orderRef: `ord_${orderId.at(-1)}`,
        outcome,
        message: '',
        changes: [],
        status: null,
      })),
  })
  const screen = await render(
    <TestApp role={role} api={api}>
      <NowhereRouter>
        <List more={more} />
      </NowhereRouter>
    </TestApp>,
  )
  const press = (name: string) => screen.getByRole('button', { name, exact: true }).click()
  const act = (name: string) => screen.getByRole('menuitem', { name, exact: true })
  return { api, screen, press, act, bar: screen.getByRole('group', { name: 'Bulk actions' }) }
}
