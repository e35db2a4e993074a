import { describe, expect, test } from 'vitest'
import {
  failureReason,
  FAILURE_REASONS,
  NAMED_OUTCOMES,
  REASON_DETAILS,
  REASON_LABELS,
  reasonTest,
} from '../../server/domain/event-failure.ts'
import { retriesStopAt, retryDelayMs, TRIES_MAX } from '../../server/domain/webhook-retry.ts'

describe('the reason of a failure', () => {
  test.each([
    ['no_order_yet', 'The message tells of an order that neither we nor Juspay know.', 'order_not_found'],
    ['unknown_event', null, 'unknown_event'],
    ['parse_failed', 'Unexpected end of JSON input', 'bad_body'],
    ['wrong_merchant', 'The message is about merchant x', 'wrong_merchant'],
    ['error', 'deadlock detected', 'database_busy'],
    ['error', 'Connection terminated unexpectedly', 'database_busy'],
    ['error', 'canceling statement due to statement timeout', 'database_busy'],
    ['error', 'connect ECONNREFUSED 127.0.0.1:5432', 'database_busy'],
    ['error', "Cannot read properties of undefined (reading 'x')", 'code_error'],
    ['error', null, 'code_error'],
    ['something_new', null, 'other'],
    [null, null, 'other'],
  ])('of outcome %s with "%s" is %s', (outcome, error, reason) => {
    expect(failureReason({ outcome, error })).toBe(reason)
  })

  test('finds by its test the outcomes that have it, and every outcome has one reason', () => {
    for (const outcome of NAMED_OUTCOMES) {
      const reasons = FAILURE_REASONS.filter((reason) => reasonTest(reason).outcomes?.includes(outcome))
      const expected =
        outcome === 'error' ? ['database_busy', 'code_error'] : [failureReason({ outcome, error: null })]
      expect(reasons).toEqual(expected)
    }
    expect(reasonTest('other')).toEqual({ outcomes: null, busy: null })
  })

  test('has words for people', () => {
    for (const reason of FAILURE_REASONS) {
      expect(REASON_LABELS[reason]).toMatch(/^[A-Z]/)
      expect(REASON_DETAILS[reason]).toMatch(/\.$/)
    }
  })
})

describe('when retries stop', () => {
  const next = new Date('2026-11-20T06:00:00Z')

  test('after the first try: the next one and every wait that is left', () => {
    let waits = 0
    for (let tries = 2; tries < TRIES_MAX; tries += 1) waits += retryDelayMs(tries) ?? 0
    expect(retriesStopAt(1, next)).toEqual(new Date(next.getTime() + waits))
  })

  test('before the last try: at that try', () => {
    expect(retriesStopAt(TRIES_MAX - 1, next)).toEqual(next)
  })

  test('never, when none is to come', () => {
    expect(retriesStopAt(TRIES_MAX, null)).toBeNull()
  })
})
