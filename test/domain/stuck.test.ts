import { expect, test } from 'vitest'
import type { PaymentStatus } from '../../server/domain/payment-status.ts'
import { stuckSince } from '../../server/domain/stuck.ts'

const NOW = new Date('2026-11-22T15:00:00.000Z')
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000)

type Row = readonly [
  providerStatus: string,
  paymentStatus: PaymentStatus,
  createdAgo: number,
  changedAgo: number,
  stuckFor: number | null,
]

test.each<Row>([
  ['PENDING_VBV', 'pending', 30, 0, null],
  ['PENDING_VBV', 'pending', 31, 0, 31],
  ['NEW', 'created', 31, 31, null],
  ['NEW', 'created', 24 * 60 + 1, 0, 24 * 60 + 1],
  ['COD_INITIATED', 'pending', 9_000, 9_000, null],
  ['AUTHORIZED', 'authorised', 9_000, 9_000, null],
  ['CAPTURE_INITIATED', 'authorised', 9_000, 120, null],
  ['CAPTURE_INITIATED', 'authorised', 9_000, 121, 121],
  ['VOID_INITIATED', 'voided', 9_000, 121, 121],
  ['SOMETHING_NEW', 'unknown', 31, 0, 31],
  ['CHARGED', 'charged', 9_000, 9_000, null],
])('%s (%s), made %s and changed %s minutes ago, has waited %s minutes too long', (...row) => {
  const [providerStatus, paymentStatus, createdAgo, changedAgo, stuckFor] = row
  const order = { providerStatus, paymentStatus, createdAt: ago(createdAgo), changedAt: ago(changedAgo) }
  expect(stuckSince(order, NOW)).toEqual(stuckFor === null ? null : ago(stuckFor))
})
