import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  FIRST_LOOK_MS,
  GIVE_UP_AFTER_MS,
  nextLookAt,
  readFailure,
  readLook,
  SAME_AMOUNT_GAP_MS,
  type SendFailure,
} from '../../server/domain/refund-answer.ts'
import {
  MALFORMED_CAUSES,
  REJECTED_REASONS,
  UNCERTAIN_CAUSES,
  type JuspayError,
} from '../../server/domain/provider-error.ts'

const sentAt = new Date('2026-11-22T10:00:00Z')

function rejected(reason: (typeof REJECTED_REASONS)[number]): JuspayError {
  const details = { code: null, message: null, statusId: null, providerRequestId: null }
  return { kind: 'rejected', reason, httpStatus: 400, ...details }
}

const anyFailure: fc.Arbitrary<JuspayError> = fc.oneof(
  fc.constantFrom(...REJECTED_REASONS).map(rejected),
  fc.constant<JuspayError>({ kind: 'unauthorised', httpStatus: 401, code: null, message: null }),
  fc.record({
    kind: fc.constant('unavailable' as const),
    cause: fc.constantFrom('not_sent' as const, 'throttled' as const),
    code: fc.constant(null),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 3_600_000 })),
  }),
  fc.record({
    kind: fc.constant('uncertain' as const),
    cause: fc.constantFrom(...UNCERTAIN_CAUSES),
    httpStatus: fc.option(fc.integer({ min: 200, max: 599 })),
    code: fc.constant(null),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 3_600_000 })),
  }),
  fc.record({
    kind: fc.constant('malformed' as const),
    cause: fc.constantFrom(...MALFORMED_CAUSES),
    httpStatus: fc.constant(200),
  }),
)

describe('reading what came back instead of a refund', () => {
  test.each<[string, JuspayError, ReturnType<typeof readFailure>]>([
    ['duplicate.call, key used', rejected('duplicate_id'), { do: 'look', ifAbsent: 'resend' }],
    ['duplicate.call, same amount', rejected('duplicate_amount'), { do: 'look', ifAbsent: 'resend' }],
    ['amount exceeded', rejected('amount_exceeds'), { do: 'look', ifAbsent: 'reject' }],
    ['not charged', rejected('not_charged'), { do: 'look', ifAbsent: 'reject' }],
    ['order unknown', rejected('not_found'), { do: 'look', ifAbsent: 'reject' }],
    ['any other refusal', rejected('other'), { do: 'look', ifAbsent: 'reject' }],
    [
      'our credentials',
      { kind: 'unauthorised', httpStatus: 401, code: null, message: null },
      { do: 'put_back', waitMs: 300_000, alarm: true },
    ],
    [
      'nobody there',
      { kind: 'unavailable', cause: 'not_sent', code: 'ECONNREFUSED', retryAfterMs: null },
      { do: 'put_back', waitMs: FIRST_LOOK_MS, alarm: false },
    ],
    [
      'slow down, a minute',
      { kind: 'unavailable', cause: 'throttled', code: null, retryAfterMs: 60_000 },
      { do: 'put_back', waitMs: 60_000, alarm: false },
    ],
    [
      'no answer',
      { kind: 'uncertain', cause: 'timeout', httpStatus: null, code: null, retryAfterMs: null },
      { do: 'doubt', waitMs: FIRST_LOOK_MS, alarm: false },
    ],
    [
      'an answer about something else',
      { kind: 'malformed', cause: 'refund_missing', httpStatus: 200 },
      { do: 'doubt', waitMs: FIRST_LOOK_MS, alarm: true },
    ],
  ])('%s', (_name, error, verdict) => {
    expect(readFailure(error)).toEqual(verdict)
  })

  test('total, and whatever may have been processed is doubted or looked up, never put back', () => {
    fc.assert(
      fc.property(anyFailure, (error) => {
        const verdict = readFailure(error)
        if (error.kind === 'uncertain' || error.kind === 'malformed') expect(verdict.do).toBe('doubt')
        if (verdict.do !== 'look') expect(verdict.waitMs).toBeGreaterThanOrEqual(FIRST_LOOK_MS)
      }),
    )
  })

  test('a look decides; only an absent and refused refund is given up, of which no earlier call may still arrive', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('present' as const, 'absent' as const, 'unanswered' as const),
        fc.constantFrom('resend' as const, 'reject' as const),
        fc.option(fc.integer({ min: 0, max: 2 * GIVE_UP_AFTER_MS })),
        (look, ifAbsent, quietMs) => {
          const now = new Date(sentAt.getTime() + SAME_AMOUNT_GAP_MS)
          const doubtedAt = quietMs === null ? null : new Date(now.getTime() - quietMs)
          const step = readLook({ look, ifAbsent, lastSentAt: sentAt, doubtedAt, now })
          const mayArrive = quietMs !== null && quietMs < GIVE_UP_AFTER_MS
          expect(step.do === 'reject').toBe(look === 'absent' && ifAbsent === 'reject' && !mayArrive)
          expect(step.do === 'adopt').toBe(look === 'present')
          if (step.do === 'resend')
            expect(step.notBefore.getTime() - sentAt.getTime()).toBe(SAME_AMOUNT_GAP_MS)
        },
      ),
    )
  })

  test('the failure shapes of the client are the ones the table reads', () => {
    const failure: SendFailure = rejected('duplicate_id')
    expect(readFailure(failure).do).toBe('look')
  })
})

describe('the ladder of looks', () => {
  const since = new Date('2026-11-22T10:00:00Z')
  const waits = (checkCount: number, ageMs: number, unknown = false): number | null => {
    const now = new Date(since.getTime() + ageMs)
    // Made long before: it was held back.
    const createdAt = new Date(since.getTime() - 3 * 86_400_000)
    const at = nextLookAt({ checkCount, firstSentAt: since, createdAt, now, unknown })
    return at === null ? null : (at.getTime() - now.getTime()) / 1_000
  }

  test('15 s, 30 s, 1, 2, 5, 15, 30 min, then hourly', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((count) => waits(count, 0))).toEqual([
      15, 30, 60, 120, 300, 900, 1_800, 3_600, 3_600,
    ])
  })

  test('six-hourly after a day, over after eleven, unless the outcome is unknown', () => {
    const day = 86_400_000
    expect(waits(30, day)).toBe(21_600)
    expect(waits(60, 11 * day)).toBeNull()
    expect(waits(60, 11 * day, true)).toBe(21_600)
  })
})
