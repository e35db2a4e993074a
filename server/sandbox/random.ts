import { randomBytes, randomInt } from 'node:crypto'

/** A source of choices: seeded for traffic (the same seed gives the same orders), from the system otherwise. */
export type Random = {
  /** Integer in [0, below). */
  int(below: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly [T, ...T[]]): T
}

function fromInt(int: (below: number) => number): Random {
  return {
    int,
    chance: (probability) => int(1_000_000) < probability * 1_000_000,
    pick: (items) => items[int(items.length)] ?? items[0],
  }
}

export const systemRandom: Random = fromInt((below) => randomInt(below))

/** Spreads neighbouring seeds far apart (the finaliser of murmur3). */
function scramble(seed: number): number {
  let mixed = seed >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** mulberry32: small, good enough for traffic, the same on every machine. */
export function seededRandom(seed: number): Random {
  let state = scramble(seed)
  return fromInt((below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  })
}

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** `length` lower-case hexadecimal characters. */
export function hex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length)
}

export function alphanumeric(length: number): string {
  return Array.from({ length }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join('')
}

/** Decimal digits, never starting with 0. */
export function digits(length: number): string {
  return Array.from({ length }, (_, i) => (i === 0 ? 1 + randomInt(9) : randomInt(10))).join('')
}
