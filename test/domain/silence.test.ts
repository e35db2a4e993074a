import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, SLOT_MS } from '../../server/domain/event-rate.ts'
import { SILENCE_MIN_MS, silenceOf, type ActiveHour, type SilenceFacts } from '../../server/domain/silence.ts'

const MINUTE_MS = 60_000
/** A Sunday, ten in the morning. */
const SINCE = new Date('2026-11-22T10:00:00.000Z')

/** Eight days before `since`, each hour as busy as `busy` says: slots with events, out of 360. */
function history(busy: (at: Date) => number, since = SINCE): ActiveHour[] {
  const base = Math.floor(since.getTime() / HOUR_MS) * HOUR_MS
  return Array.from({ length: 8 * 24 }, (_, i) => new Date(base - (i + 1) * HOUR_MS))
    .map((at) => ({ at, activeSlots: busy(at) }))
    .filter(({ activeSlots }) => activeSlots > 0)
}

function judge(gapMs: number, facts: Partial<SilenceFacts>) {
  const since = facts.since ?? SINCE
  return silenceOf({
    since,
    now: new Date(since.getTime() + gapMs),
    hours: [],
    firstHour: new Date(since.getTime() - 30 * DAY_MS),
    lastHour: { slots: 360, activeSlots: 0 },
    ...facts,
  })
}

describe('it is silent', () => {
  test('after minutes, when something usually comes every few seconds', () => {
    const hours = history(() => 340)
    expect(judge(110_000, { hours }).silent).toBe(false)
    expect(judge(6 * MINUTE_MS, { hours })).toMatchObject({ silent: true })
    expect(judge(6 * MINUTE_MS, { hours }).usualGapMs).toBeLessThan(20_000)
  })

  test('after five usual gaps, when they are longer than the least there is an alarm for', () => {
    const hours = history(() => 36)
    const { usualGapMs } = judge(0, { hours })
    const usual = usualGapMs ?? 0
    expect(usual).toBeGreaterThan(7 * MINUTE_MS)
    expect(usual).toBeLessThan(8 * MINUTE_MS)
    expect(judge(5 * usual - 1_000, { hours }).silent).toBe(false)
    expect(judge(5 * usual + 1_000, { hours }).silent).toBe(true)
  })

  test('and stays so for days: what it is measured by is from before it began', () => {
    const hours = history(() => 340)
    for (const days of [1, 3, 8, 40]) expect(judge(days * DAY_MS, { hours }).silent).toBe(true)
  })

  test('also by the last hour alone, when there is no day of history', () => {
    const firstHour = new Date(SINCE.getTime() - HOUR_MS)
    const known = { firstHour, lastHour: { slots: 60, activeSlots: 50 } }
    expect(judge(6 * MINUTE_MS, known)).toMatchObject({ silent: true })
    expect(judge(6 * MINUTE_MS, { ...known, lastHour: { slots: 60, activeSlots: 4 } })).toMatchObject({
      silent: false,
      usualGapMs: null,
    })
  })
})

describe('it is not silent', () => {
  test('where nothing ever came', () => {
    const nothing = {
      since: null,
      now: SINCE,
      hours: [],
      firstHour: null,
      lastHour: { slots: 0, activeSlots: 0 },
    }
    expect(silenceOf(nothing)).toEqual({ since: null, usualGapMs: null, silent: false })
  })

  test('in a night that is quiet every night, nor in the first minute of the morning after', () => {
    const since = new Date('2026-11-22T00:59:50.000Z')
    const quietUntilSeven = (at: Date) => (at.getUTCHours() >= 1 && at.getUTCHours() < 7 ? 0 : 340)
    const hours = history(quietUntilSeven, since)
    for (const minutes of [10, 60, 240, 359]) {
      expect(judge(minutes * MINUTE_MS, { since, hours }).silent).toBe(false)
    }
    expect(judge(6 * HOUR_MS + 30_000, { since, hours }).silent).toBe(false)
    expect(judge(6 * HOUR_MS + 10 * MINUTE_MS, { since, hours }).silent).toBe(true)
  })

  test('in a shop with three events a day, at any hour of the next day', () => {
    const hours = history((at) => (at.getUTCHours() % 8 === 2 ? 1 : 0))
    for (let hour = 1; hour <= 24; hour += 1) expect(judge(hour * HOUR_MS, { hours }).silent).toBe(false)
  })

  test('on the weekday on which the shop is always closed', () => {
    const since = new Date('2026-11-21T23:59:50.000Z')
    const sundaysOff = (at: Date) => (at.getUTCDay() === 0 ? 0 : 200)
    const hours = history(sundaysOff, since)
    for (let hour = 1; hour < 24; hour += 1)
      expect(judge(hour * HOUR_MS, { since, hours }).silent).toBe(false)
    expect(judge(25 * HOUR_MS, { since, hours }).silent).toBe(true)
  })
})

test('one day of outage in the history makes the alarm no less keen', () => {
  const outage = new Date(SINCE.getTime() - 2 * DAY_MS).getUTCDate()
  const hours = history((at) => (at.getUTCDate() === outage ? 0 : 340))
  expect(judge(6 * MINUTE_MS, { hours }).silent).toBe(true)
})

const anyHistory = fc.array(fc.integer({ min: 0, max: 360 }), { minLength: 8 * 24, maxLength: 8 * 24 })
const asHours = (busy: readonly number[]): ActiveHour[] => {
  let i = 0
  return history(() => busy[i++] ?? 0)
}

test('whatever the history: never within the least, and once silent it is silent until something comes', () => {
  fc.assert(
    fc.property(anyHistory, fc.integer({ min: 0, max: 3 * DAY_MS }), (busy, gapMs) => {
      const hours = asHours(busy)
      const { silent, usualGapMs } = judge(gapMs, { hours })
      expect(usualGapMs).toBeGreaterThanOrEqual(SLOT_MS)
      if (silent) {
        expect(gapMs).toBeGreaterThan(SILENCE_MIN_MS)
        expect(judge(gapMs + HOUR_MS, { hours }).silent).toBe(true)
      }
    }),
  )
})

test('a busier week is never the more patient one', () => {
  fc.assert(
    fc.property(anyHistory, fc.integer({ min: 0, max: 2 * DAY_MS }), (busy, gapMs) => {
      const quieter = judge(gapMs, { hours: asHours(busy) })
      const busier = judge(gapMs, { hours: asHours(busy.map((n) => Math.min(360, n + 20))) })
      expect(busier.usualGapMs ?? 0).toBeLessThanOrEqual(quieter.usualGapMs ?? 0)
      if (quieter.silent) expect(busier.silent).toBe(true)
    }),
  )
})
