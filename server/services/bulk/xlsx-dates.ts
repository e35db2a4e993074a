/**
 * Dates of a spreadsheet. A cell keeps a day as a count of days and only its format says so (ECMA-376 part 1, §18.8.30
 * number formats, §18.17.4 dates): read without it, "22 Nov 2026" is "46348".
 */

/** Formats that every spreadsheet has and that show a date or a time of day. */
const BUILT_IN = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47])
const DAY_MS = 86_400_000
/** Day 0 of each calendar. 1900 was no leap year, but the spreadsheets say so: from March on it comes out right. */
const DAY_ZERO = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) }
/** 1 March 1900, and the last day of 9999. */
const DAYS = { 1900: [61, 2_958_465], 1904: [0, 2_957_003] } as const

/** From which year a workbook counts its days. */
export type Calendar = keyof typeof DAY_ZERO

/** Whether number format `id`, whose code is `code` when it is the workbook's own, shows a date or a time. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN.has(id)
  // What stands in quotes, behind a backslash or in brackets is text or a colour, but for counts of hours ("[h]:mm").
  const shown = code
    .replaceAll(/"[^"]*"|\\./g, '')
    .replaceAll(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .split(';')[0]
  return /[dmyhs]/i.test(shown?.replaceAll(/general/gi, '') ?? '')
}

/**
 * The day, and the time when there is one, that a count of days stands for, as `2026-11-22` or `2026-11-22 14:30:00`;
 * null when it is no day that a spreadsheet can show.
 */
export function dateText(days: number, calendar: Calendar): string | null {
  const [first, last] = DAYS[calendar]
  if (!(days >= first && days < last + 1)) return null
  // Seconds are what a float of days can tell.
  const at = new Date(DAY_ZERO[calendar] + Math.round(days * 86_400) * 1_000)
  const text = at.toISOString().slice(0, 19).replace('T', ' ')
  return at.getTime() % DAY_MS === 0 ? text.slice(0, 10) : text
}
