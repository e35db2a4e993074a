import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JuspayError } from '../../server/domain/provider-error.ts'
import {
  failureSeen,
  FORGOTTEN_MS,
  isOutage,
  NO_CALLS,
  ONE_ORDER_MS,
  OUTAGE_MS,
  providerHealth,
  recordCalls,
  tellsMore,
  TIMES_KEPT,
  wasAnswered,
  type CallRecord,
  type CallSeen,
} from '../../server/domain/provider-health.ts'

const START = Date.parse('2026-11-22T08:50:00.000Z')
const at = (ms: number) => new Date(START + ms)
const lost = (ms: number): CallSeen => ({ at: at(ms), answered: false, tookMs: 20_000 })
const answer = (ms: number, tookMs = 300): CallSeen => ({ at: at(ms), answered: true, tookMs })
const health = (calls: readonly CallSeen[], nowMs: number, from: CallRecord = NO_CALLS) =>
  providerHealth(recordCalls(from, calls), at(nowMs))

const OUTAGE = [lost(0), lost(1_000), lost(OUTAGE_MS)]

describe('an outage', () => {
  test('is several calls in a row without an answer, over some time, and counts from the first', () => {
    expect(health(OUTAGE, OUTAGE_MS)).toEqual({ state: 'down', since: at(0) })
    expect(health([answer(-5_000), ...OUTAGE], OUTAGE_MS)).toEqual({ state: 'down', since: at(0) })
  })

  test('is not one lost call, nor many at the same moment, nor those between which somebody was answered', () => {
    expect(health([answer(-5_000), lost(0)], 60_000)).toMatchObject({ state: 'answering' })
    const burst = Array.from({ length: 8 }, (_, i) => lost(i))
    expect(health([answer(-5_000), ...burst], 60_000)).toMatchObject({ state: 'answering' })
    expect(health([lost(0), lost(1_000), answer(2_000), lost(OUTAGE_MS)], OUTAGE_MS)).toMatchObject({
      state: 'answering',
    })
  })

  test('ends with the first answer', () => {
    expect(health([...OUTAGE, answer(40_000)], 41_000)).toEqual({
      state: 'answering',
      answeredAt: at(40_000),
      p95Ms: null,
    })
  })

  test('is not ended by an answer that came before it and is told late, nor lengthened by a late failure', () => {
    const down = recordCalls(NO_CALLS, OUTAGE)
    expect(health([answer(-1_000)], OUTAGE_MS, down)).toEqual({ state: 'down', since: at(0) })
    const up = recordCalls(down, [answer(40_000)])
    expect(health([lost(39_000), lost(20_000), lost(1)], 41_000, up)).toMatchObject({ state: 'answering' })
  })

  test('does not begin before an answer that is told late', () => {
    const failed = recordCalls(NO_CALLS, [lost(0), lost(8_000)])
    const told = recordCalls(failed, [answer(5_000)])
    expect(told).toEqual(recordCalls(NO_CALLS, [lost(0), answer(5_000), lost(8_000)]))
    expect(health([lost(16_000)], 16_000, told)).toMatchObject({ state: 'answering' })
    expect(health([lost(16_000), lost(23_000)], 23_000, told)).toEqual({ state: 'down', since: at(8_000) })
    // At the same moment as the first failure it ends that one too.
    expect(recordCalls(failed, [answer(0)])).toEqual(recordCalls(NO_CALLS, [answer(0), lost(0), lost(8_000)]))
  })

  test('is forgotten when nobody has asked for longer than anything waits', () => {
    expect(health(OUTAGE, OUTAGE_MS + FORGOTTEN_MS)).toMatchObject({ state: 'down' })
    expect(health(OUTAGE, OUTAGE_MS + FORGOTTEN_MS + 1)).toEqual({ state: 'unknown' })
  })
})

describe('calls told by several processes, in any order and split in any way', () => {
  const call = fc
    .record({ second: fc.integer({ min: 0, max: 40 }), answered: fc.boolean() })
    .map(({ second, answered }) => (answered ? answer : lost)(second * 1_000))
  /** Calls as they are told, each with whether a new write begins with it. */
  const told = fc.array(fc.record({ call, newWrite: fc.boolean() }), { maxLength: 12 })
  type Told = { call: CallSeen; newWrite: boolean }

  const inWrites = (all: readonly Told[]): CallRecord => {
    const writes: CallSeen[][] = [[]]
    for (const { call: seen, newWrite } of all) {
      if (newWrite) writes.push([])
      writes.at(-1)?.push(seen)
    }
    return writes.reduce(recordCalls, NO_CALLS)
  }
  const inOne = (all: readonly Told[]): CallRecord =>
    recordCalls(
      NO_CALLS,
      all.map((one) => one.call),
    )
  const withoutTimes = ({ tookMs: _, ...rest }: CallRecord) => rest

  test('are never an outage when all of them in one write are none', () => {
    fc.assert(
      fc.property(told, (all) => {
        const [split, whole] = [inWrites(all), inOne(all)]
        const { answeredAt, failedAt } = whole
        expect(split).toMatchObject({ answeredAt, failedAt })
        expect(split.failures).toBeLessThanOrEqual(whole.failures)
        expect(split.failingSince?.getTime() ?? 0).toBeGreaterThanOrEqual(whole.failingSince?.getTime() ?? 0)
        if (isOutage(split)) expect(isOutage(whole)).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  test('are the same as in one write where no answer comes between failures that are told already', () => {
    fc.assert(
      fc.property(told, (all) => {
        const answersFirst = all.toSorted((a, b) => Number(b.call.answered) - Number(a.call.answered))
        expect(withoutTimes(inWrites(answersFirst))).toEqual(withoutTimes(inOne(all)))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('failures of one order', () => {
  const broken = (ms: number, orderRef = 'ord_1') => failureSeen(uncertain('server_error'), orderRef, at(ms))

  test('tell no more than the first of them, for a while; another order’s do', () => {
    expect(tellsMore(null, broken(0))).toBe(true)
    expect(tellsMore(broken(0), broken(ONE_ORDER_MS - 1))).toBe(false)
    expect(tellsMore(broken(0), broken(ONE_ORDER_MS))).toBe(true)
    expect(tellsMore(broken(0), broken(1, 'ord_2'))).toBe(true)
  })

  test('each tell that nobody was reached, whichever order it is', () => {
    const unreached = (ms: number) => failureSeen(unavailable('not_sent'), 'ord_1', at(ms))
    expect(tellsMore(unreached(0), unreached(1))).toBe(true)
    expect(tellsMore(broken(0), unreached(1))).toBe(true)
  })
})

test('without any call nothing is known', () => {
  expect(providerHealth(null, at(0))).toEqual({ state: 'unknown' })
  expect(providerHealth(NO_CALLS, at(0))).toEqual({ state: 'unknown' })
})

test('how fast it answers is said of enough answers that are not old; only the last are kept', () => {
  const calls = Array.from({ length: 150 }, (_, i) => answer(i, i))
  const record = recordCalls(NO_CALLS, calls)
  expect(record.tookMs).toHaveLength(TIMES_KEPT)
  expect(providerHealth(record, at(1_000))).toMatchObject({ p95Ms: 144 })
  expect(providerHealth(record, at(20 * 60_000))).toMatchObject({ state: 'answering', p95Ms: null })
  expect(health(calls.slice(0, 9), 1_000)).toMatchObject({ p95Ms: null })
})

test.each<[string, JuspayError | null, boolean | null]>([
  ['a success', null, true],
  ['a refusal in its words', rejected(400), true],
  ['a refusal that we made ourselves', rejected(null), null],
  [
    'credentials it does not take',
    { kind: 'unauthorised', httpStatus: 401, code: null, message: null },
    true,
  ],
  ['that we ask too much', unavailable('throttled'), true],
  ['no connection', unavailable('not_sent'), false],
  ['a time-out', uncertain('timeout'), false],
  ['a 5xx', uncertain('server_error'), false],
  ['a page of a proxy', uncertain('content_type'), false],
  ['words we do not know', uncertain('undocumented'), null],
  ['a seal that is broken', uncertain('signature_differs'), null],
  ['another order', { kind: 'malformed', cause: 'other_order', httpStatus: 200 }, null],
])('after %s it counts as answered or not', (_what, error, answered) => {
  expect(wasAnswered(error)).toBe(answered)
})

function rejected(httpStatus: number | null): JuspayError {
  const nothing = { code: null, message: null, statusId: null, providerRequestId: null }
  return { kind: 'rejected', reason: 'other', httpStatus, ...nothing }
}

function unavailable(cause: 'not_sent' | 'throttled'): JuspayError {
  return { kind: 'unavailable', cause, code: null, retryAfterMs: null }
}

function uncertain(cause: Extract<JuspayError, { kind: 'uncertain' }>['cause']): JuspayError {
  return { kind: 'uncertain', cause, httpStatus: null, code: null, retryAfterMs: null }
}
