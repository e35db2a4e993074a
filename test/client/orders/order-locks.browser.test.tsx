/** What a batch holds of an order: on its page in full, in the list only asked for where there can be something. */
import { afterEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { OrderAlerts } from '../../../client/features/orders/order-alerts.tsx'
import type { OrderDetail, OrderRow } from '../../../client/features/orders/order-types.ts'
import { LOCKED_ROWS_MAX, useOrderExtras } from '../../../client/features/orders/use-order-extras.ts'
import { LiveProvider } from '../../../client/lib/live.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { USUAL_COLUMNS } from '../../../server/domain/order-columns.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'
import { orderDetail } from './order-detail.ts'
import { orderRow } from './order-row.ts'

const LOCK: OrderDetail['locks'][number] = {
  batchId: '00000000-0000-4000-8000-0000000000d1',
  batchNo: 12,
  status: 'held',
  by: 'Asha Menon',
  amountMinor: 50_000n,
  currency: 'INR',
}

afterEach(() => vi.useRealTimers())

const alerts = (change: Partial<OrderDetail>) =>
  render(
    <KitProvider>
      <OrderAlerts order={orderDetail(1, change)} />
    </KitProvider>,
  )

test('the page says whose batch holds how much, what that means, and leads to it', async () => {
  const screen = await alerts({ locks: [LOCK] })
  await expect
    .element(screen.getByText('Batch 0012 of Asha Menon holds ₹500.00 of this order.'))
    .toBeVisible()
  await expect
    .element(screen.getByText(/It is approved and held\. .*decided, sent or given back with the batch/))
    .toMatchTextContent(/What is left of the order can be refunded as usual\./)
  await expect
    .element(screen.getByRole('link', { name: 'Open the batch' }))
    .toHaveAttribute('href', `/refunds/bulk/${LOCK.batchId}`)
})

test('it promises nothing about the rest where nothing can be refunded', async () => {
  const screen = await alerts({ locks: [LOCK], refundBlock: 'Nothing left to refund.' })
  await expect.element(screen.getByText(/approved and held/)).toBeVisible()
  expect(screen.getByText(/as usual/).elements()).toHaveLength(0)
})

function Listed({ rows, columns }: { rows: readonly OrderRow[]; columns: readonly string[] }) {
  const listed = useOrderExtras(rows, columns)
  return listed.map(({ id, orderRef, extras }) => (
    <p key={id}>
      {orderRef}: {extras?.lock?.status ?? 'free'}
    </p>
  ))
}

async function open(rows: readonly OrderRow[], columns: readonly string[] = USUAL_COLUMNS) {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ['setTimeout', 'clearTimeout'] })
  const held = { lock: LOCK }
  const api = fakeApi({
    'orders.extras': (input) => {
      const { orderIds } = input as { orderIds: string[] }
      const asked = rows.filter(({ id, reservedMinor }) => orderIds.includes(id) && reservedMinor > 0n)
      return asked.map(({ id }) => ({ id, ...held }))
    },
  })
  const { wire, hear } = fakeLive()
  const screen = await render(
    <TestApp api={api} role="viewer">
      <LiveProvider enabled wire={wire}>
        <Listed rows={rows} columns={columns} />
      </LiveProvider>
    </TestApp>,
  )
  const tell = async () => {
    const change = { subject: 'bulk_batch' as const, subjectId: LOCK.batchId, at: new Date() }
    hear({ kind: 'batch', events: [], renewed: [], changes: [change] })
    await vi.advanceTimersByTimeAsync(5_000)
  }
  return { api, screen, held, tell }
}

test('a list asks only about rows of which something is set aside, and again when a batch moves', async () => {
  const rows = [orderRow(1), orderRow(2, { reservedMinor: 500n }), orderRow(3)]
  const { api, screen, held, tell } = await open(rows)
  await expect.element(screen.getByText('ord_2: held')).toBeVisible()
  expect(api.calls).toEqual([{ path: 'orders.extras', input: { orderIds: [orderRow(2).id] } }])
  held.lock = { ...LOCK, status: 'paused' }
  await tell()
  await expect.element(screen.getByText('ord_2: paused')).toBeVisible()
})

test('a list of which nothing is set aside asks nothing, whatever batches do', async () => {
  const { api, screen, tell } = await open([orderRow(1), orderRow(2)])
  await expect.element(screen.getByText('ord_2: free')).toBeVisible()
  await tell()
  expect(api.calls).toEqual([])
})

test('far down a long list it asks nothing unasked, and shows its rows', async () => {
  const rows = Array.from({ length: LOCKED_ROWS_MAX + 2 }, (_, i) =>
    orderRow(i + 1, { reservedMinor: i === LOCKED_ROWS_MAX - 1 || i > LOCKED_ROWS_MAX ? 500n : 0n }),
  )
  const { api, screen } = await open(rows)
  await expect.element(screen.getByText(`ord_${LOCKED_ROWS_MAX}: held`, { exact: true })).toBeVisible()
  await expect.element(screen.getByText(`ord_${LOCKED_ROWS_MAX + 2}: free`, { exact: true })).toBeVisible()
  expect(api.calls).toEqual([{ path: 'orders.extras', input: { orderIds: [rows[LOCKED_ROWS_MAX - 1]?.id] } }])
})

test('with a further column it asks about all rows', async () => {
  const rows = [orderRow(1), orderRow(2, { reservedMinor: 500n })]
  const { api, screen } = await open(rows, [...USUAL_COLUMNS, 'tags'])
  await expect.element(screen.getByText('ord_2: held')).toBeVisible()
  expect(api.calls).toEqual([{ path: 'orders.extras', input: { orderIds: rows.map(({ id }) => id) } }])
})

test('of the pages of a long list with a further column a batch renews only those that it may hold', async () => {
  const rows = Array.from({ length: 150 }, (_, i) =>
    orderRow(i + 1, { reservedMinor: i === 120 ? 500n : 0n }),
  )
  const { api, screen, held, tell } = await open(rows, [...USUAL_COLUMNS, 'tags'])
  await expect.element(screen.getByText('ord_121: held')).toBeVisible()
  expect(api.calls).toHaveLength(2)
  held.lock = { ...LOCK, status: 'paused' }
  await tell()
  await expect.element(screen.getByText('ord_121: paused')).toBeVisible()
  expect(api.calls.slice(2)).toEqual([
    { path: 'orders.extras', input: { orderIds: rows.slice(100).map(({ id }) => id) } },
  ])
})
