import { expect, test } from 'vitest'
import { foundItems, widerItems, type Found } from '../../../client/lib/palette-search.tsx'

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

test('the refund of a found order is greyed with the reason for those who may not ask for one', () => {
  const refund = (denied: string | null) =>
    foundItems(FOUND, () => {}, denied)[0]?.more?.find(({ id }) => id === 'refund')
  expect(refund(null)?.disabledReason).toBeNull()
  expect(refund('Your role (Viewer) cannot request refunds.')?.disabledReason).toContain('Viewer')
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
