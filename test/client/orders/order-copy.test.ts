import { expect, test } from 'vitest'
import { amountText, copyProblem, rowsText } from '../../../client/features/orders/order-copy.ts'
import type { OrderExtras } from '../../../client/features/orders/order-types.ts'
import { ORDER_COLUMNS } from '../../../server/domain/order-columns.ts'
import { orderRow } from './order-row.ts'

const EXTRAS: OrderExtras = {
  id: orderRow(1).id,
  gatewayRef: '=cmd()',
  rrn: '412345678901',
  bank: null,
  network: 'Visa',
  udf: { udf3: 'gift\tto "Ravi"\nsoon' },
  source: 'webhook',
  discrepancy: null,
  tags: [],
  lock: null,
}

test('a row is copied with the columns on screen, amounts as plain digits with their currency once', () => {
  const row = orderRow(1, {
    amountMinor: 1_299_900n,
    leftMinor: 50n,
    customerEmailMasked: 'r***@example.com',
  })
  expect(
    rowsText([row], {
      columns: ['created', 'order', 'currency', 'amount', 'refundable', 'customer'],
      zone: 'IST',
    }),
  ).toBe(['2026-11-22T14:30:00+05:30', 'ord_1', '12999.00', 'INR', '0.50', 'r***@example.com'].join('\t'))
  expect(amountText(row)).toBe('12999.00')
})

test('no text becomes a formula, another cell or another row', () => {
  const row = { ...orderRow(1), extras: EXTRAS }
  const columns = ['order', 'gateway_ref', 'utr', 'udf3', 'udf4', 'source']
  expect(rowsText([row, row], { columns, zone: 'UTC' }).split('\n')).toEqual(
    Array(2).fill(['ord_1', "'=cmd()", '412345678901', 'gift to "Ravi" soon', '', 'Webhook'].join('\t')),
  )
})

test('every column has its text, and a row that is not all there says so', () => {
  const columns = ORDER_COLUMNS.map(({ id }) => id)
  const udf = Object.fromEntries(columns.filter((id) => id.startsWith('udf')).map((id) => [id, 'x']))
  const tags = ['late', 'vip']
  const extras: OrderExtras = { ...EXTRAS, udf, bank: 'HDFC', discrepancy: 'double_charge', tags }
  const failed = {
    displayStatus: 'failed',
    errorMessage: 'Declined',
    methodType: 'UPI',
    gateway: 'PAYU',
  } as const
  const row = { ...orderRow(1, { ...failed, customerName: 'R. Das' }), extras }
  const cells = rowsText([row], { columns, zone: 'UTC' }).split('\t')
  expect(cells).toHaveLength(columns.length)
  expect(cells).not.toContain('')
  expect(cells[columns.indexOf('tags')]).toBe('late, vip')
  expect(copyProblem([row, orderRow(1)], columns)).toBe('Some of the columns are not loaded yet.')
  expect(copyProblem([row], columns)).toBeNull()
  expect(copyProblem([orderRow(1)], ['order', 'amount'])).toBeNull()
})
