/** Instants are read by hand because there are so many; what comes out is what the driver would have read. */
import fc from 'fast-check'
import pg from 'pg'
import { expect, test } from 'vitest'
import { instantOf } from '../../server/store/instant-text.ts'

const readByDriver: (text: string) => unknown = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text')

/** As PostgreSQL writes it in a session in UTC: a fraction only as long as it has to be. */
function written(at: Date, micros: string): string {
  const fraction = `${at.toISOString().slice(20, 23)}${micros}`.replace(/0+$/, '')
  const text = at.toISOString().slice(0, 19).replace('T', ' ')
  return `${text}${fraction === '' ? '' : `.${fraction}`}+00`
}

test('every instant of four-digit years is read as the driver reads it', () => {
  const instants = fc.date({
    noInvalidDate: true,
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
  })
  fc.assert(
    fc.property(instants, fc.constantFrom('', '000', '001', '120', '999'), (at, micros) => {
      const text = written(at, micros)
      expect(instantOf(text)).toEqual(at)
      expect(readByDriver(text)).toEqual(at)
    }),
    { numRuns: 2_000 },
  )
})

test('every thousandth of a second is kept', () => {
  for (let ms = 0; ms < 1_000; ms += 1) {
    const at = new Date(Date.UTC(2026, 10, 27, 1, 55, 57, ms))
    expect(instantOf(written(at, ''))).toEqual(at)
  }
})

test.each([
  'infinity',
  '-infinity',
  '0099-12-31 23:59:59+00',
  '0044-03-15 12:00:00+00 BC',
  '10000-01-01 00:00:00+00',
  '294276-12-31 23:59:59.999999+00',
  '2026-11-27 07:25:57.063+05:30',
  '2026-11-27 01:55:57.063-08',
])('%s is read as the driver reads it', (text) => {
  expect(instantOf(text)).toEqual(readByDriver(text))
})
