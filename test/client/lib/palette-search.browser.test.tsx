import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { orderItems, recordItems, type Found } from '../../../client/lib/palette-found.tsx'
import { addressItems, widerItems } from '../../../client/lib/palette-search.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

const ORDER: Found['orders'][number] = {
  id: '00000000-0000-4000-8000-000000000001',
  orderRef: 'ORD1',
  amountMinor: 64_000n,
  currency: 'INR',
  displayStatus: 'charged',
  refundState: 'none',
  providerStatus: 'CHARGED',
  gateway: null,
  methodLabel: 'UPI',
  customerName: null,
  customerEmailMasked: null,
  attemptCount: 1,
  unrefundable: null,
  createdAt: new Date('2026-11-22T09:00:00Z'),
  matched: ['Order ID'],
}
const FOUND: Found = {
  within: null,
  readings: [],
  orders: [ORDER],
  refunds: [],
  events: [],
  requests: [],
  batches: [],
  people: [],
  ask: null,
}

const MAY = { refundReason: () => null, checkDenied: null, onCheck: () => {} }
const actsOf = (may: Partial<Parameters<typeof orderItems>[2]> = {}) =>
  orderItems([ORDER], () => {}, { ...MAY, ...may })[0]?.more ?? []
const actOf = (id: string, may: Partial<Parameters<typeof orderItems>[2]> = {}) =>
  actsOf(may).find((act) => act.id === id)

test('a found order offers what its page does', () => {
  expect(actsOf().map(({ label }) => label)).toEqual([
    'Open in a new tab',
    'Refund this order',
    'Check status with Juspay',
    'Copy ID',
    'Copy link',
  ])
})

test('an act on a found order is greyed with the reason for those who may not do it', () => {
  expect(actOf('refund')?.disabledReason).toBeNull()
  const denied = 'Your role (Viewer) cannot request refunds.'
  expect(actOf('refund', { refundReason: () => denied })?.disabledReason).toBe(denied)
  const checkDenied = 'Your role (Viewer) cannot check status with Juspay.'
  expect(actOf('check', { checkDenied })?.disabledReason).toBe(checkDenied)
})

test('the status of a found order is checked by its id', () => {
  const onCheck = vi.fn()
  actOf('check', { onCheck })?.run()
  expect(onCheck).toHaveBeenCalledWith(expect.objectContaining({ id: ORDER.id, orderRef: 'ORD1' }))
})

test('nothing found in a time offers the same search in all time', () => {
  const paths: string[] = []
  const wider = (within: Found['within']) => widerItems({ ...FOUND, within }, (path) => paths.push(path))
  const [item] = wider({ label: 'yesterday', rest: '98…4321' })
  expect(item?.label).toBe('Nothing found of yesterday: search all time')
  item?.run({ newTab: false })
  expect(paths).toEqual([`/search?q=${encodeURIComponent('98…4321')}`])
  expect(wider(null)).toEqual([])
  expect(wider({ label: 'yesterday', rest: '' })).toEqual([])
})

test('what stands behind an @ may be the end of an address that paid, unless it is a name of several words', () => {
  const paths: string[] = []
  const [item] = addressItems('okhdfcbank', (path) => paths.push(path))
  expect(item?.label).toBe('Search payments for @okhdfcbank')
  item?.run({ newTab: false })
  expect(paths).toEqual([`/search?q=${encodeURIComponent('@okhdfcbank')}`])
  expect(addressItems('asha menon', () => {})).toEqual([])
})

test('each kind of record shows how it stands and since when, beside what names it', async () => {
  const at = new Date('2026-11-22T09:03:00Z')
  const money = { amountMinor: 150_000n, currency: 'INR', orderRef: 'ORD1' }
  const found: Found = {
    ...FOUND,
    refunds: [
      { ...money, id: 'r', uniqueRequestId: 'RF1', status: 'pending', confirming: false, changedAt: at },
      { ...money, id: 'c', uniqueRequestId: 'RF2', status: 'succeeded', confirming: true, changedAt: at },
    ],
    events: [
      {
        id: 'e',
        eventName: 'ORDER_SUCCEEDED',
        orderRef: 'ORD1',
        receivedAt: at,
        status: 'dead',
        outcome: null,
      },
    ],
    requests: [{ ...money, id: 'q', status: 'waiting_approval', requestedAt: at }],
    batches: [{ id: 'b', no: 12, name: 'Diwali', status: 'running', total: 1, createdAt: at }],
    people: [{ id: 'p', name: 'Asha Menon', email: 'asha@example.com', role: 'finance' }],
  }
  const items = recordItems(found, () => {})
  const screen = await render(
    <KitProvider>
      {items.map(({ id, label, detail }) => (
        <p key={id}>
          {label} {detail}
        </p>
      ))}
    </KitProvider>,
  )
  const lines = screen
    .getByRole('paragraph')
    .elements()
    .map((line) => line.textContent)
  expect(lines).toEqual([
    expect.stringMatching(/^RF1 of ORD1 .*1,500\.00.*Pending.*22 Nov.*14:33/),
    expect.stringMatching(/^RF2 of ORD1 .*1,500\.00.*Confirming.*22 Nov.*14:33/),
    expect.stringMatching(/^ORDER_SUCCEEDED of ORD1 .*Stopped.*22 Nov.*14:33/),
    expect.stringMatching(/^Refund request of ORD1 .*1,500\.00.*Waiting for approval.*22 Nov.*14:33/),
    expect.stringMatching(/^Batch 12, Diwali 1 row.*Running.*22 Nov.*14:33/),
    expect.stringMatching(/^Asha Menon asha@example\.com, Finance/),
  ])
})
