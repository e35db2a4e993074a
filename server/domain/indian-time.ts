/** India's clock. Days of people and of limits begin at midnight there, where the merchants are. */

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** How far it is before UTC, all year: India has one zone and has not moved its clocks since 1945. */
export const INDIA_OFFSET_MS = 330 * MINUTE_MS

/** When the day in India began in which `at` lies. */
export function startOfDayInIndia(at: Date): Date {
  const day = Math.floor((at.getTime() + INDIA_OFFSET_MS) / DAY_MS)
  return new Date(day * DAY_MS - INDIA_OFFSET_MS)
}

/** When the week in India began in which `at` lies: on a Monday. */
export function startOfWeekInIndia(at: Date): Date {
  const day = startOfDayInIndia(at)
  const sinceMonday = (inIndia(day).getUTCDay() + 6) % 7
  return new Date(day.getTime() - sinceMonday * DAY_MS)
}

/** When the month in India began that is `later` months after the one in which `at` lies. */
export function startOfMonthInIndia(at: Date, later = 0): Date {
  const local = inIndia(at)
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + later, 1) - INDIA_OFFSET_MS)
}

/** An instant whose UTC fields are what India's calendar and clock show at `at`. */
function inIndia(at: Date): Date {
  return new Date(at.getTime() + INDIA_OFFSET_MS)
}

const CLOCKS = {
  IST: { ms: INDIA_OFFSET_MS, text: '+05:30' },
  UTC: { ms: 0, text: '+00:00' },
} as const

/** An instant as ISO 8601 with the offset of its zone: "2026-11-22T14:35:33+05:30". */
export function isoInZone(at: Date, zone: keyof typeof CLOCKS): string {
  const { ms, text } = CLOCKS[zone]
  const local = new Date(at.getTime() + ms).toISOString()
  // Juspay's times are whole seconds; what is finer is kept.
  return `${local.slice(0, local.endsWith('.000Z') ? 19 : 23)}${text}`
}
