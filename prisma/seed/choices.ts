/** Choices of one order: all of them follow from the seed and the order's number, so any order can be made alone. */
import { seededRandom, type Random } from '../../server/sandbox/random.ts'

const UINT32 = 0x1_0000_0000
/** Digits and capitals without I, L, O and U, as refund keys have them. */
const CAPITALS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const NUMBER_LETTERS = 7
const HEX_12_BITS = 3

export type Choices = Random & {
  /** In [0, 1). */
  share(): number
  /** Both ends included. */
  between(low: number, high: number): number
  /** Never the same for two numbers, nor twice for one. */
  uuid(): string
  /** Digits, the first not 0. */
  digits(length: number): string
  /** {@link CAPITALS}. */
  letters(length: number): string
  /** Capitals that no other number has: what must be unique is made of them. */
  own: string
}

/** The choices of number `n`; `kind` tells orders and customers of the same number apart. */
export function choicesOf(seed: number, kind: number, n: number): Choices {
  // Odd factors: every number of a kind has a start of its own.
  const start =
    (Math.imul(seed, 0x85ebca6b) + Math.imul(kind, 0xc2b2ae35) + Math.imul(n + 1, 0x9e3779b1)) >>> 0
  const random = seededRandom(start)
  const word = (): string => hex32(random.int(UINT32))
  const text = (length: number, from: string): string => {
    let made = ''
    while (made.length < length) made += from.charAt(random.int(from.length))
    return made
  }
  let ids = 0
  return {
    ...random,
    share: () => random.int(UINT32) / UINT32,
    between: (low, high) => low + random.int(high - low + 1),
    uuid: () => {
      const [a, b] = [word(), word()]
      ids += 1
      // The marks of a random id: version 4, variant 10. 32 bits of chance repeat too soon, so the number is in it.
      const count = ids.toString(16).padStart(HEX_12_BITS, '0')
      return `${a}-${b.slice(0, 4)}-4${count}-8${b.slice(5)}-${b.slice(0, 4)}${hex32(start)}`
    },
    digits: (length) => text(1, '123456789') + text(length - 1, '0123456789'),
    letters: (length) => text(length, CAPITALS),
    own: numberLetters(start),
  }
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0')
}

function numberLetters(value: number): string {
  let [left, made] = [value, '']
  while (made.length < NUMBER_LETTERS) {
    made = CAPITALS.charAt(left % CAPITALS.length) + made
    left = Math.floor(left / CAPITALS.length)
  }
  return made
}
