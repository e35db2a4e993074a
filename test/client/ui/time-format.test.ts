import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  describeInstant,
  formatAge,
  formatCountdown,
  formatDuration,
  formatSince,
  formatTime,
} from '../../../client/ui/time-format.ts'

const at = new Date('2026-11-22T09:05:33.120Z')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

describe('formatTime', () => {
  test('shows IST, half an hour off the full hour, and UTC on demand', () => {
    expect(formatTime(at, 'list', 'IST')).toBe('22 Nov, 14:35:33')
    expect(formatTime(at, 'list', 'UTC')).toBe('22 Nov, 09:05:33')
  })

  test('names the year in a list only when it is another one', () => {
    const next = new Date('2027-01-01T00:00:00Z')
    expect(formatTime(at, 'list', 'IST', next)).toBe('22 Nov 2026, 14:35:33')
    expect(formatTime(at, 'day', 'IST', next)).toBe('22 Nov 2026')
    expect(formatTime(at, 'day', 'IST')).toBe('22 Nov')
  })

  test('decides the year in the zone that is shown: New Year in India is still the old year in UTC', () => {
    const newYear = new Date('2026-12-31T18:30:00Z')
    expect(formatTime(newYear, 'date', 'IST')).toBe('01 Jan 2027')
    expect(formatTime(newYear, 'date', 'UTC')).toBe('31 Dec 2026')
  })

  test('starts the day at 00, never at 24', () => {
    expect(formatTime(new Date('2026-11-21T18:30:00Z'), 'time', 'IST')).toBe('00:00:00')
  })

  test('writes every month with three letters', () => {
    expect(formatTime(new Date('2026-09-05T00:00:00Z'), 'list', 'UTC')).toBe('05 Sep, 00:00:00')
  })

  test('gives milliseconds to the live feed and the zone to the detail', () => {
    expect(formatTime(at, 'millis', 'IST')).toBe('14:35:33.120')
    expect(formatTime(at, 'full', 'IST')).toBe('22 Nov 2026, 14:35:33 IST')
  })

  test('says what Intl says, whenever it is', () => {
    const intl = (timeZone: string) =>
      new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'medium', timeZone })
    const zones = { IST: intl('Asia/Kolkata'), UTC: intl('UTC') }
    const instants = fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('2199-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(instants, fc.constantFrom('IST', 'UTC'), (instant, zone) => {
        const [day, month, year] = formatTime(instant, 'date', zone).split(' ')
        const number = String(MONTHS.indexOf(month ?? '') + 1).padStart(2, '0')
        const said = `${day}/${number}/${year}, ${formatTime(instant, 'time', zone)}`
        expect(said).toBe(zones[zone].format(instant))
      }),
    )
  })

  test('describes an instant in both zones, and how long ago it is', () => {
    expect(describeInstant(at)).toBe('22 Nov 2026, 14:35:33 IST · 22 Nov 2026, 09:05:33 UTC')
    const later = new Date(at.getTime() + 6 * 60_000)
    expect(describeInstant(at, later)).toBe(`${describeInstant(at)} · 6 min ago`)
  })
})

describe('ages and lengths', () => {
  test.each([
    [999, '999 ms'],
    [42_000, '42 s'],
    [6 * 60_000, '6 min'],
    [130 * 60_000, '2 h 10 min'],
    [120 * 60_000, '2 h'],
    [86_400_000, '1 day'],
    [3 * 86_400_000 + 5, '3 days'],
  ])('%i ms is %s', (lengthMs, text) => {
    expect(formatDuration(lengthMs)).toBe(text)
  })

  test('one unit is enough where there is little room', () => {
    expect(formatDuration(130 * 60_000, 1)).toBe('2 h')
    expect(formatDuration(6 * 60_000, 1)).toBe('6 min')
  })

  test('an age looks back, a deadline looks ahead', () => {
    expect(formatAge(new Date(at.getTime() - 360_000), at)).toBe('6 min ago')
    expect(formatAge(new Date(at.getTime() + 360_000), at)).toBe('in 6 min')
    expect(formatAge(at, at)).toBe('just now')
  })
})

test('a countdown is a clock that ends at nought', () => {
  expect([600_000, 545_000, 59_001, 1, 0, -5].map(formatCountdown)).toEqual([
    '10:00',
    '9:05',
    '1:00',
    '0:01',
    '0:00',
    '0:00',
  ])
})

test('since when is said to the minute, with the day when that is another one in the zone shown', () => {
  const later = new Date('2026-11-22T19:00:00Z')
  expect(formatSince(at, at, 'IST')).toBe('14:35')
  expect(formatSince(at, later, 'UTC')).toBe('09:05')
  expect(formatSince(at, later, 'IST')).toBe('22 Nov, 14:35')
})
