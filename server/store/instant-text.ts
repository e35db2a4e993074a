import pg from 'pg'

const readByDriver: (text: string) => unknown = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text')

const UTC = '+00'
const ZERO = '0'.charCodeAt(0)
/** Where the parts stand in `2026-11-27 01:55:57.063+00`. */
const [MONTH, DAY, SPACE, HOUR, MINUTE, SECOND, POINT] = [5, 8, 10, 11, 14, 17, 19] as const

/**
 * A `timestamptz` as a session in UTC writes it, digit by digit: a page of a list has over a hundred, and the driver
 * reads each with four regular expressions. Other zones, infinity and years that have not four digits or begin with two
 * zeros are left to the driver. Microseconds are cut to milliseconds, as it does.
 */
export function instantOf(text: string): unknown {
  if (text[SPACE] !== ' ' || !text.endsWith(UTC) || text.startsWith('00')) return readByDriver(text)
  const end = text.length - UTC.length
  const digit = (at: number): number => (at < end ? text.charCodeAt(at) - ZERO : 0)
  const pair = (at: number): number => digit(at) * 10 + digit(at + 1)
  const ms = digit(POINT + 1) * 100 + pair(POINT + 2)
  const year = pair(0) * 100 + pair(2)
  return new Date(Date.UTC(year, pair(MONTH) - 1, pair(DAY), pair(HOUR), pair(MINUTE), pair(SECOND), ms))
}
