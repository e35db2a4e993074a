import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalTimeRange, momentText, timeRangeOf } from '../../server/domain/time-range.ts'
import { readTypedRange, typedEndsOf, withPickedDay } from '../../server/domain/typed-range.ts'

/** Sunday evening in India: 22 November, 20:00. */
const NOW = new Date('2026-11-22T14:30:20.500Z')

const range = (from: string, to: string) => readTypedRange({ from, to }, NOW).range

describe('two typed ends', () => {
  it.each([
    ['20/11', '21/11', '2026-11-20..2026-11-21'],
    ['20/11', '', '2026-11-20..'],
    ['', 'yesterday', '..2026-11-21'],
    ['yesterday 6pm', '', '2026-11-21T18:00..'],
    ['yesterday 6pm', 'today', '2026-11-21T18:00..2026-11-23T00:00'],
    ['yesterday', '22/11 09:30:10', '2026-11-21T00:00..2026-11-22T09:30:10'],
    ['22 Nov 2026, 18:00 IST', '22 nov 2026 18:30', '2026-11-22T18:00..2026-11-22T18:30'],
    ['2026-11-22T18:00', '2026-11-22 18:30', '2026-11-22T18:00..2026-11-22T18:30'],
    ['20 Nov, 14:35:33', '20 Nov, 14:35:34', '2026-11-20T14:35:33..2026-11-20T14:35:34'],
    ['-3d', '', '-3d'],
    ['2 hours ago', '', '-2h'],
    ['-3d', '-1d', '2026-11-19T20:00..2026-11-21T20:00'],
    ['last hour', 'last hour', '2026-11-22T19:00..2026-11-22T20:00'],
    ['last week', 'last week', '2026-11-09..2026-11-15'],
    ['last month', 'this month', '2026-10-01..2026-11-22'],
    ['yesterday morning', 'yesterday evening', '2026-11-21T05:00..2026-11-22T00:00'],
    // What has not been yet this year was last year; an end comes after its start all the same.
    ['1/12', '5/1', '2025-12-01..2026-01-05'],
    ['1/11', '30/11', '2026-11-01..2026-11-30'],
    // It takes the year of the start, or the next one where that is before the start.
    ['22 Nov 2024', '25 Nov', '2024-11-22..2024-11-25'],
    ['22 Nov 2024', '20 Nov', '2024-11-22..2025-11-20'],
    ['22 Nov 2024 18:00', '22 Nov 18:30', '2024-11-22T18:00..2024-11-22T18:30'],
    ['28 Dec 2025', '3 Jan', '2025-12-28..2026-01-03'],
    ['25 Nov', '22 Nov', '2025-11-25..2026-11-22'],
    // A clock alone is of the day that the range starts on, or of the night after it.
    ['20/11 14:00', '15:00', '2026-11-20T14:00..2026-11-20T15:00'],
    ['20/11 22:00', '2am', '2026-11-20T22:00..2026-11-21T02:00'],
    ['6pm', '', '2026-11-22T18:00..'],
    ['11pm', '', '2026-11-21T23:00..'],
  ])('%s to %s', (from, to, expected) => expect(range(from, to)).toBe(expected))

  it.each([
    ['31/2', ''],
    ['22/11 25:00', ''],
    ['yesterday 13pm', ''],
    ['22/11 status:failed', ''],
    ['22/11 23/11', ''],
    ['this', ''],
    ['soon', ''],
    ['', '22/11/2'],
  ])('%s to %s is not read', (from, to) => {
    const read = readTypedRange({ from, to }, NOW)
    expect(read.range).toBeNull()
    const [field, label] = from === '' ? [read.to, 'To'] : [read.from, 'From']
    expect(field.error).toBe(
      `${label} is not a time. Type it like 22/11, yesterday 6pm, -3d or 22 Nov 2026, 18:00.`,
    )
  })

  it('says what each was taken for', () => {
    const understood = (from: string, to: string) => {
      const read = readTypedRange({ from, to }, NOW)
      return [read.from.understood, read.to.understood]
    }
    expect(understood('yesterday 6pm', '22/11 18:00:05')).toEqual([
      '21 Nov 2026, 18:00 IST',
      '22 Nov 2026, 18:00:05 IST',
    ])
    expect(understood('5/11', '6/11')).toEqual(['5 Nov 2026, 00:00 IST', 'the end of 6 Nov 2026 IST'])
    expect(understood('-3d', '')).toEqual(['19 Nov 2026, 20:00 IST', null])
  })

  it('has an end that comes after the start', () => {
    expect(readTypedRange({ from: '22/11 18:00', to: '22/11 17:00' }, NOW)).toMatchObject({
      range: null,
      from: { error: null },
      to: { error: 'To must be after 22 Nov 2026, 18:00 IST.' },
    })
    expect(range('22/11', '21/11/2026')).toBeNull()
  })

  it.each([
    ['22 Nov', '20 Nov', '22 Nov 2026, 00:00'],
    ['22 Nov 2026', '1 Jan', '22 Nov 2026, 00:00'],
    ['yesterday 6pm', '20/11 19:00', '21 Nov 2026, 18:00'],
    ['28 Dec 2026', '3 Jan', '28 Dec 2026, 00:00'],
  ])('has no end in a year that has not begun: %s to %s', (from, to, start) => {
    expect(readTypedRange({ from, to }, NOW)).toMatchObject({
      range: null,
      to: { error: `To must be after ${start} IST.` },
    })
  })

  it('goes over the turn of the year that is about to come, its end being near', () => {
    const over = (from: string, to: string, now = '2026-12-30T06:30:00Z') =>
      readTypedRange({ from, to }, new Date(now)).range
    expect(over('28 Dec', '3 Jan')).toBe('2026-12-28..2027-01-03')
    expect(over('28/12 18:00', '3/1 9am')).toBe('2026-12-28T18:00..2027-01-03T09:00')
    expect(over('1 Nov', '30 Jan')).toBe('2026-11-01..2027-01-30')
    // What is said the wrong way round is not a range of a year.
    expect(over('1 Nov', '31 Jan')).toBeNull()
    expect(over('28 Dec', '27 Dec')).toBeNull()
    expect(over('28 Dec', '3 Jan', '2027-01-02T06:30:00Z')).toBe('2026-12-28..2027-01-03')
    expect(over('28 Dec 2026', '3 Jan', '2026-12-02T06:30:00Z')).toBeNull()
    expect(over('28 Dec 2026', '3 Jan', '2026-12-03T06:30:00Z')).toBe('2026-12-28..2027-01-03')
  })

  it('has an end on a leap day only in a year that has one', () => {
    const inMarch = new Date('2024-03-05T06:30:00Z')
    const leap = (from: string) => readTypedRange({ from, to: '29 Feb' }, inMarch).range
    expect(leap('1 Mar 2023')).toBe('2023-03-01..2024-02-29')
    expect(leap('22 Feb 2023')).toBe('2023-02-22..2024-02-29')
    expect(leap('1 Mar 2024')).toBeNull()
  })

  it('has an end at all', () => {
    expect(readTypedRange({ from: ' ', to: '' }, NOW).from.error).toBe('Enter a start, an end or both.')
  })
})

describe('a range that is opened', () => {
  it.each([
    ['2026-11-01T14:00..2026-11-01T14:10:30', '1 Nov 2026, 14:00', '1 Nov 2026, 14:10:30'],
    ['2026-11-01..2026-11-15', '1 Nov 2026', '15 Nov 2026'],
    ['..2026-11-15', '', '15 Nov 2026'],
    ['yesterday', '21 Nov 2026', '21 Nov 2026'],
    ['last_month', '1 Oct 2026', '31 Oct 2026'],
    ['today', '22 Nov 2026', ''],
    ['-24h', '-24h', ''],
    ['all', '', ''],
  ])('%s', (text, from, to) => expect(typedEndsOf(text, NOW)).toEqual({ from, to }))

  it('is the same range again, whatever it was', () => {
    const instant = fc.date({ min: new Date('2001-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
    const form = fc.constantFrom('2026-11-22'.length, '2026-11-22T14:00'.length, '2026-11-22T14:00:00'.length)
    const open = fc.constantFrom('none', 'from', 'to')
    const relative = fc.constantFrom('-15m', '-24h', '-90d', 'today', 'yesterday', 'this_week', 'last_week')
    const written = fc.tuple(instant, instant, form, open).map(([a, b, chars, without]) => {
      const [from, to] = [a, b].map((at) => momentText(at).slice(0, chars)).toSorted()
      return `${without === 'from' ? '' : from}..${without === 'to' ? '' : to}`
    })
    fc.assert(
      fc.property(fc.oneof(written, relative), (text) => {
        fc.pre(timeRangeOf(text, NOW) !== null)
        const again = readTypedRange(typedEndsOf(text, NOW), NOW).range
        expect(timeRangeOf(again ?? '', NOW)).toEqual(timeRangeOf(text, NOW))
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps its clock when another day is picked', () => {
    expect(withPickedDay('yesterday 6pm', '2026-11-05', NOW)).toBe('5 Nov 2026, 18:00')
    expect(withPickedDay('9:30', '2026-11-05', NOW)).toBe('5 Nov 2026, 09:30')
    expect(withPickedDay('yesterday', '2026-11-05', NOW)).toBe('5 Nov 2026')
    expect(withPickedDay('nonsense', '2026-11-05', NOW)).toBe('5 Nov 2026')
  })
})

describe('whatever is typed', () => {
  const pieces = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      'yesterday',
      'today',
      '22/11',
      '29/2',
      '31 dec',
      '2026-11-20',
      'T18:00',
      '6pm',
      '12am',
      '23:59:59',
      '24:00',
      'last week',
      'friday',
      'evening',
      '-3d',
      '-0h',
      '2 hours ago',
      'IST',
      ',',
    ),
  )
  const typed = fc.array(pieces, { maxLength: 3 }).map((parts) => parts.join(' '))

  it('is a range of the control or has a reason', () => {
    fc.assert(
      fc.property(typed, typed, (from, to) => {
        const read = readTypedRange({ from, to }, NOW)
        if (read.range === null) {
          expect(read.from.error ?? read.to.error).not.toBeNull()
          return
        }
        expect([read.from.error, read.to.error]).toEqual([null, null])
        expect(canonicalTimeRange(read.range)).toBe(read.range)
        // A field that was not understood never leaves its end open.
        expect(read.from.understood === null).toBe(from.trim() === '')
        expect(read.to.understood === null).toBe(to.trim() === '')
      }),
      { numRuns: 3_000 },
    )
  })

  it('is the same moment in every way to write it', () => {
    const moments = fc.date({ min: new Date('2001-01-01'), max: NOW, noInvalidDate: true })
    fc.assert(
      fc.property(moments, (at) => {
        const [day = '', clock = ''] = momentText(at).split('T')
        const [year, month, date] = day.split('-').map(Number)
        const [hour = 0, minute] = clock.split(':').map(Number)
        const half = `${hour % 12 || 12}:${String(minute).padStart(2, '0')}${hour < 12 ? 'am' : 'pm'}`
        const short = clock.slice(0, '14:00'.length)
        const expected = `${day}T${short}..`
        expect(range(`${day}T${short}`, '')).toBe(expected)
        expect(range(`${date}/${month}/${year} ${short}`, '')).toBe(expected)
        expect(range(`${date}/${month}/${year}, ${half}`, '')).toBe(expected)
      }),
    )
  })
})
