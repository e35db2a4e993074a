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
