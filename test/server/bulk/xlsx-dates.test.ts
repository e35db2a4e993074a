import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateText, isDateFormat } from '../../../server/services/bulk/xlsx-dates.ts'

test.each([
  [14, undefined, true],
  [22, undefined, true],
  [0, undefined, false],
  [4, undefined, false],
  [164, 'yyyy-mm-dd', true],
  [164, '[$-409]d\\-mmm\\-yy;@', true],
  [164, '[h]:mm', true],
  [164, 'General', false],
  [164, '#,##0.00 "days"', false],
  [164, '[Red]0.00', false],
  [164, '[$₹-4009]#,##0.00', false],
  [164, '0.00;"due"dd', false],
])('format %i %s', (id, code, shown) => {
  expect(isDateFormat(id, code)).toBe(shown)
})

test('every day and second of a calendar comes back as it was counted', () => {
  const from = Date.UTC(1900, 2, 1)
  const moment = fc.date({ min: new Date(from), max: new Date(Date.UTC(9999, 11, 31)), noInvalidDate: true })
  fc.assert(
    fc.property(moment, (date) => {
      const at = new Date(Math.floor(date.getTime() / 1_000) * 1_000)
      const days = (at.getTime() - Date.UTC(1899, 11, 30)) / 86_400_000
      const wanted = at.toISOString().slice(0, 19).replace('T', ' ').replace(' 00:00:00', '')
      expect(dateText(days, 1900)).toBe(wanted)
    }),
  )
})

test('a number that is no day stays a number', () => {
  for (const days of [-1, 0, 60, 2_958_466, Number.NaN]) expect(dateText(days, 1900)).toBeNull()
  expect(dateText(0, 1904)).toBe('1904-01-01')
})
