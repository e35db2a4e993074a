import { expect, test } from 'vitest'
import { chipDetail } from '../../../client/features/orders/order-words.ts'
import { orderRow } from './order-row.ts'

const FAILED = {
  displayStatus: 'failed',
  paymentStatus: 'failed',
  providerStatus: 'AUTHORIZATION_FAILED',
  errorMessage: 'Insufficient funds',
} as const

test('the chip of an order says code, words and when it changed last, in the zone of the screen', () => {
  expect(chipDetail(orderRow(1), 'IST')).toBe('CHARGED: Money taken. Last change 22 Nov 2026, 14:30:00 IST.')
  expect(chipDetail(orderRow(1), 'UTC')).toContain('09:00:00 UTC')
})

test('of a failed one it says why the bank refused, and of any who told it where the list knows', () => {
  expect(chipDetail({ ...orderRow(1, FAILED), extras: { source: 'status_check' } }, 'IST')).toBe(
    'AUTHORIZATION_FAILED: Bank refused. Insufficient funds. Last change 22 Nov 2026, 14:30:00 IST. Told by: Status check.',
  )
  // What an earlier attempt failed of is no reason of a payment that succeeded.
  expect(chipDetail(orderRow(1, { errorMessage: 'Insufficient funds' }), 'IST')).not.toContain('Insufficient')
})
