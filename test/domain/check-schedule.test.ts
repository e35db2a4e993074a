/** When Juspay is asked about an order by itself: as long as something may still come of it. */
import { expect, test } from 'vitest'
import { nextCheckAt, type CheckState } from '../../server/domain/check-schedule.ts'

const changedAt = new Date('2026-11-22T10:00:00Z')
const state: CheckState = {
  paymentStatus: 'voided',
  releasing: false,
  openRefunds: false,
  changedAt,
  lastCheckedAt: null,
  unconfirmedSince: null,
}
const secondsUntil = (asked: CheckState): number | null => {
  const at = nextCheckAt(asked, changedAt)
  return at === null ? null : (at.getTime() - changedAt.getTime()) / 1_000
}

test('a hold that was released is not asked about any more', () => {
  expect(secondsUntil(state)).toBeNull()
})

test('one that is being released is: the gateway may not answer, and the hold comes back', () => {
  expect(secondsUntil({ ...state, releasing: true })).toBe(15)
})

test('a charged order is looked at once a day, an open one at once, a failed one soon', () => {
  const of = (paymentStatus: CheckState['paymentStatus']) => secondsUntil({ ...state, paymentStatus })
  expect([of('charged'), of('pending'), of('failed')]).toEqual([86_400, 15, 30])
})
