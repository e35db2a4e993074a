import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { qrModules } from '../../../client/lib/qr-code.ts'

/** "otpauth://totp/Paydesk", as it was read back by a reader of another house; so were texts of every length from 1 to 213. */
const KNOWN = [
  '#######...#.###.#.#######',
  '#.....#..##....##.#.....#',
  '#.###.#.####..##..#.###.#',
  '#.###.#.#.##.###..#.###.#',
  '#.###.#.##......#.#.###.#',
  '#.....#.#.....##..#.....#',
  '#######.#.#.#.#.#.#######',
  '........##.....#.........',
  '#.#####..#..#####.#####..',
  '#.#.#..#...#...##....#.#.',
  '.#.##.#####.#.####.###.##',
  '###.##.#.#..#.#.##.##...#',
  '#.#.####.#...##..##.#####',
  '#...#..####.#.#..#...#.#.',
  '#...#.##..#..#.#.##.#..##',
  '#..##....##.#.##..#.#..#.',
  '#..#######..#########.##.',
  '........###..#..#...#....',
  '#######..#.###..#.#.#..##',
  '#.....#.####..#.#...#....',
  '#.###.#.#.##...######.###',
  '#.###.#.#...##.#.####..##',
  '#.###.#.#.#..##......#..#',
  '#.....#..##.##..##......#',
  '#######.#.#.#.#..#..#####',
]

const drawn = (text: string) => qrModules(text).map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))

describe('a QR code', () => {
  test('is the one that readers read', () => {
    expect(drawn('otpauth://totp/Paydesk')).toEqual(KNOWN)
  })

  test('is a square with three finders and a timing line, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 213 }), (text) => {
        const rows = drawn(text)
        const size = rows.length
        expect(rows.every((row) => row.length === size)).toBe(true)
        const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
        const corner = (x: number, y: number) => rows.slice(y, y + 7).map((row) => row.slice(x, x + 7))
        for (const [x, y] of [
          [0, 0],
          [size - 7, 0],
          [0, size - 7],
        ] as const)
          expect(corner(x, y)).toEqual(finder)
        expect(rows[6]?.slice(6, size - 6)).toBe('#.'.repeat((size - 13) / 2) + '#')
      }),
      { numRuns: 60 },
    )
  })

  test('differs when a single character does', () => {
    expect(drawn('otpauth://totp/Paydesk')).not.toEqual(drawn('otpauth://totp/Paydesl'))
  })

  test('does not hold more than it can', () => {
    expect(qrModules('x'.repeat(213))).toHaveLength(57)
    expect(() => qrModules('x'.repeat(214))).toThrow('too long')
  })
})
