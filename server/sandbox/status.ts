import type { AttemptRecord, AttemptStatus, OrderStatus } from './types.ts'

/** Reference 4.1. */
export const STATUS_ID: Record<OrderStatus, number> = {
  NEW: 10,
  STARTED: 20,
  CHARGED: 21,
  JUSPAY_DECLINED: 22,
  PENDING_VBV: 23,
  VBV_SUCCESSFUL: 24,
  AUTHORIZED: 25,
  AUTHENTICATION_FAILED: 26,
  AUTHORIZATION_FAILED: 27,
  AUTHORIZING: 28,
  COD_INITIATED: 29,
  VOIDED: 31,
  VOID_INITIATED: 32,
  CAPTURE_INITIATED: 33,
  CAPTURE_FAILED: 34,
  VOID_FAILED: 35,
  AUTO_REFUNDED: 36,
  PARTIAL_CHARGED: 37,
}

/** "Order status is the highest-precedence txn status, ascending NEW -> PENDING_VBV -> CHARGED" (reference 3.4). */
const PRECEDENCE: Record<AttemptStatus, number> = {
  STARTED: 1,
  JUSPAY_DECLINED: 2,
  AUTHENTICATION_FAILED: 2,
  AUTHORIZATION_FAILED: 2,
  PENDING_VBV: 3,
  VBV_SUCCESSFUL: 4,
  AUTHORIZING: 5,
  COD_INITIATED: 6,
  VOIDED: 7,
  AUTHORIZED: 8,
  CAPTURE_INITIATED: 8,
  CAPTURE_FAILED: 8,
  VOID_INITIATED: 8,
  VOID_FAILED: 8,
  AUTO_REFUNDED: 9,
  CHARGED: 10,
}

/** Money that is held and neither taken nor released yet. */
const HOLDS: ReadonlySet<AttemptStatus> = new Set(['AUTHORIZED', 'CAPTURE_FAILED', 'VOID_FAILED'])

/** Whether the merchant can still capture or void: a failed capture or void leaves the hold (reference 4.1: "retry"). */
export function isHeld(status: AttemptStatus): boolean {
  return HOLDS.has(status)
}

/** Whether money was taken or held at some time: from here on the order can be neither changed nor paid again. */
export function tookMoney(status: AttemptStatus): boolean {
  return PRECEDENCE[status] >= PRECEDENCE.VOIDED
}

export function isFailed(status: AttemptStatus): boolean {
  return PRECEDENCE[status] === 2
}

/**
 * The attempt an order shows: the highest precedence; among equals the latest,
 * except that a second charge never hides the first ("order stays CHARGED on the first", reference 4.3).
 * @param attempts in order of their number
 */
export function winningAttempt(attempts: readonly AttemptRecord[]): AttemptRecord | null {
  let winner: AttemptRecord | null = null
  for (const attempt of attempts) {
    if (winner === null) {
      winner = attempt
      continue
    }
    const difference = PRECEDENCE[attempt.status] - PRECEDENCE[winner.status]
    if (difference > 0 || (difference === 0 && attempt.status !== 'CHARGED')) winner = attempt
  }
  return winner
}
