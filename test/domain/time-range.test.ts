import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../server/domain/search-query.ts'
import {
  canonicalTimeRange,
  joinTimeRanges,
  momentText,
  timeRangeOf,
} from '../../server/domain/time-range.ts'

const INR = { currency: 'INR' }

describe('time', () => {
  const now = new Date('2026-11-22T20:00:00.000Z') // already 23 November in India

  it.each([
    ['today', '2026-11-22T18:30:00.000Z', null],
    ['yesterday', '2026-11-21T18:30:00.000Z', '2026-11-22T18:30:00.000Z'],
    ['this_week', '2026-11-22T18:30:00.000Z', null],
    ['last_week', '2026-11-15T18:30:00.000Z', '2026-11-22T18:30:00.000Z'],
    ['this_month', '2026-10-31T18:30:00.000Z', null],
    ['last_month', '2026-09-30T18:30:00.000Z', '2026-10-31T18:30:00.000Z'],
    ['-15m', '2026-11-22T19:45:00.000Z', null],
    ['-7d', '2026-11-15T20:00:00.000Z', null],
    ['2026-11-01..2026-11-15', '2026-10-31T18:30:00.000Z', '2026-11-15T18:30:00.000Z'],
    ['2026-11-22T14:00..2026-11-22T14:10:30', '2026-11-22T08:30:00.000Z', '2026-11-22T08:40:30.000Z'],
    ['all', null, null],
    ['2026-11-01..', '2026-10-31T18:30:00.000Z', null],
    ['..2026-11-15', null, '2026-11-15T18:30:00.000Z'],
    ['..2026-11-22T14:00', null, '2026-11-22T08:30:00.000Z'],
  ])('%s', (text, from, to) => {
    const range = timeRangeOf(text, now)
    expect({ from: range?.from?.toISOString() ?? null, to: range?.to?.toISOString() ?? null }).toEqual({
      from,
      to,
    })
  })

  it.each([
    [
      'the first of a year',
      '2026-12-31T18:30:00.000Z',
      ['2026-12-31T18:30:00.000Z', '2026-11-30T18:30:00.000Z'],
    ],
    [
      'the last moment before it',
      '2026-12-31T18:29:59.999Z',
      ['2026-11-30T18:30:00.000Z', '2026-10-31T18:30:00.000Z'],
    ],
  ])('months begin in India: %s', (_name, at, [begin, before]) => {
    expect(timeRangeOf('this_month', new Date(at))?.from?.toISOString()).toBe(begin)
    const last = timeRangeOf('last_month', new Date(at))
    expect([last?.from?.toISOString(), last?.to?.toISOString()]).toEqual([before, begin])
  })

  it('weeks begin on Monday, whichever day of it is asked', () => {
    const monday = Date.parse('2026-11-15T18:30:00.000Z')
    for (let hours = 0; hours < 7 * 24; hours += 1) {
      const at = new Date(monday + hours * 3_600_000)
      expect(timeRangeOf('this_week', at)?.from?.getTime()).toBe(monday)
      expect(timeRangeOf('last_week', at)?.to?.getTime()).toBe(monday)
    }
  })

  it.each([
    '',
    '..',
    '-0h',
    'soon',
    '2026-11-31..2026-12-01',
    '2026-11-15..2026-11-01',
    '2026-11-01',
    '2026-11-01T14:00',
    '2026-11-01T25:00..2026-11-02T01:00',
    '2026-11-01T14:00..2026-11-01T14:00',
    '2026-11-01T14:00..2026-11-02',
  ])('%s is no range', (text) => expect(timeRangeOf(text, now)).toBeNull())

  it('writes a moment as it reads it', () => {
    const text = `${momentText(new Date('2026-11-22T08:30:05.999Z'))}..${momentText(now)}`
    expect(timeRangeOf(text, now)?.from).toEqual(new Date('2026-11-22T08:30:05.000Z'))
  })

  it('joins a first and a last end', () => {
    expect(joinTimeRanges('2026-11-01..', '..2026-11-15')).toBe('2026-11-01..2026-11-15')
    expect(joinTimeRanges('..2026-11-15', '2026-11-01T12:00..')).toBe('2026-11-01T12:00..2026-11-16T00:00')
    expect(joinTimeRanges('2026-11-16..', '..2026-11-15')).toBeNull()
    expect(joinTimeRanges('2026-11-01..', '2026-11-02..')).toBeNull()
    expect(joinTimeRanges('today', 'yesterday')).toBeNull()
    expect(parseQuery('created:>2026-11-01 created:<=2026-11-03', INR)).toMatchObject({
      time: '2026-11-02..2026-11-03',
    })
  })

  it('moves created: out of the query', () => {
    expect(parseQuery('created:yesterday status:failed', INR)).toMatchObject({ ok: true, time: 'yesterday' })
    expect(canonicalTimeRange('2026-11-22')).toBe('2026-11-22..2026-11-22')
  })
})
