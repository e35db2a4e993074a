/** The pure half of the permutation battery: every order of arrival of every scene, by the domain's rules alone. */
import { isDeepStrictEqual } from 'node:util'
import { seededRandom, shuffled } from '../support/scenario.ts'
import {
  NOTHING,
  readMessage,
  regressOf,
  resultOf,
  take,
  type Known,
  type Merge,
  type ReadMessage,
} from './permutation-model.ts'
import { ENDS } from './permutation-ends.ts'
import type { Scene } from './permutation-scenes.ts'
import { note, type Violation } from './violations.ts'

export type OrdersOutcome = {
  scenarios: number
  permutations: number
  /** Prefixes of permutations: each is a state that people may see. */
  prefixes: number
  /** Messages taken again after they had been heard. */
  repeats: number
  violations: Violation[]
}

/** One example of each kind for each scene says enough. */
const EXAMPLES_MAX = 1

/**
 * Every order of each scene's messages. Orders share their beginnings, so each beginning is taken once: all beginnings
 * with the same messages must have led to the same state (J4), none may lead back (J5), and hearing any of its messages
 * again must change nothing.
 */
export function everyOrder(scenes: readonly Scene[], merge: Merge): OrdersOutcome {
  const outcome: OrdersOutcome = { scenarios: 0, permutations: 0, prefixes: 0, repeats: 0, violations: [] }
  for (const scene of scenes) {
    outcome.scenarios += 1
    walkScene(scene, merge, outcome)
  }
  return outcome
}

function walkScene({ name, messages }: Scene, merge: Merge, outcome: OrdersOutcome): void {
  const read = messages.map(readMessage)
  const whole = (1 << read.length) - 1
  const results = new Map<number, unknown>()
  const report = reporter(name, outcome.violations)
  const visit = (known: Known, taken: number, path: readonly ReadMessage[]): void => {
    for (const [index, message] of read.entries()) {
      const bit = 1 << index
      if ((taken & bit) !== 0) continue
      const heard = [...path, message]
      const next = take(known, message, merge)
      outcome.prefixes += 1
      const regress = regressOf(known, next)
      if (regress !== null) report('J5', () => regress, heard)
      const result = resultOf(next)
      const set = taken | bit
      const other = results.get(set)
      if (other === undefined) results.set(set, result)
      else if (!isDeepStrictEqual(other, result)) report('J4', () => difference(other, result), heard)
      const repeated = heard[outcome.prefixes % heard.length]
      if (repeated !== undefined) {
        outcome.repeats += 1
        const again = resultOf(take(next, repeated, merge))
        if (!isDeepStrictEqual(again, result))
          report('J4', () => `heard again: ${difference(result, again)}`, [...heard, repeated])
      }
      if (set === whole) {
        outcome.permutations += 1
        checkEnd(name, next, outcome.violations)
      } else visit(next, set, heard)
    }
  }
  visit(NOTHING, 0, [])
}

/** Random orders of longer scenes, each message told once to three times. */
export function randomOrders(
  scenes: readonly Scene[],
  merge: Merge,
  { count, seed }: { count: number; seed: number },
): OrdersOutcome {
  const outcome: OrdersOutcome = {
    scenarios: scenes.length,
    permutations: 0,
    prefixes: 0,
    repeats: 0,
    violations: [],
  }
  const random = seededRandom(seed)
  const prepared = scenes.map(({ name, messages }) => {
    const read = messages.map(readMessage)
    return {
      name,
      read,
      expected: resultOf(inOrder(read, merge)),
      report: reporter(name, outcome.violations),
    }
  })
  for (let run = 0; run < count; run += 1) {
    const scene = prepared[run % prepared.length]
    if (scene === undefined) break
    const { name, read, expected, report } = scene
    const copies = read.flatMap((message) =>
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => message),
    )
    outcome.repeats += copies.length - read.length
    const order = shuffled(copies, random)
    let known = NOTHING
    for (const [index, message] of order.entries()) {
      const next = take(known, message, merge)
      outcome.prefixes += 1
      const regress = regressOf(known, next)
      if (regress !== null) report('J5', () => regress, order.slice(0, index + 1))
      known = next
    }
    outcome.permutations += 1
    checkEnd(name, known, outcome.violations)
    const result = resultOf(known)
    if (!isDeepStrictEqual(result, expected)) report('J4', () => difference(expected, result), order)
  }
  return outcome
}

/** The state after messages in their order, as the product's rules or others make it. */
export function inOrder(read: readonly ReadMessage[], merge: Merge): Known {
  return read.reduce((known, message) => take(known, message, merge), NOTHING)
}

/** The end must be the one that is written down, once said for each scene. */
function checkEnd(scene: string, known: Known, violations: Violation[]): void {
  const is = endOf(known)
  const detail = `${scene} ends as ${is} instead of ${ENDS[scene] ?? 'something written down'}`
  if (is !== ENDS[scene] && !violations.some((one) => one.detail === detail))
    note(violations, 'outcome', detail)
}

function endOf({ aggregate }: Known): string {
  if (aggregate === null) return 'nothing'
  const { order, refunds } = aggregate
  return endText({
    ...order,
    backMinor: order.refundedMinor + order.externalRefundedMinor,
    refunds: refunds.length,
  })
}

/** An end in the words of the list. */
export function endText(end: {
  displayStatus: string
  chargedMinor: bigint
  backMinor: bigint
  attemptCount: number
  refunds: number
}): string {
  const { displayStatus, chargedMinor, backMinor, attemptCount, refunds } = end
  return `${displayStatus}, ${chargedMinor} taken, ${backMinor} back, ${attemptCount} attempts, ${refunds} refunds`
}

function reporter(scene: string, violations: Violation[]) {
  const shown = { J4: 0, J5: 0 }
  return (rule: 'J4' | 'J5', detail: () => string, path: readonly ReadMessage[]): void => {
    shown[rule] += 1
    if (shown[rule] <= EXAMPLES_MAX)
      note(violations, rule, `${scene}: ${detail()} after ${path.map(({ label }) => label).join(', ')}`)
  }
}

/** Where two results differ, as paths with both values. */
function difference(a: unknown, b: unknown, path = ''): string {
  if (isDeepStrictEqual(a, b)) return ''
  const [left, right] = [entriesOf(a), entriesOf(b)]
  if (left === null || right === null) return `${path} ${text(a)} or ${text(b)}`
  const keys = new Set([...left.keys(), ...right.keys()])
  return [...keys]
    .map((key) => difference(left.get(key), right.get(key), `${path}.${key}`))
    .filter(Boolean)
    .join('; ')
}

function entriesOf(value: unknown): Map<string, unknown> | null {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Set)
    return null
  return new Map(Object.entries(value))
}

function text(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Set) return [...value].join(' ')
  if (value === undefined) return 'nothing'
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner))
}
