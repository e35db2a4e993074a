/** The page in words: one sentence that says whether refunds are safe, and how each line reads. */
import { formatAge, formatDuration } from '../../ui/time-format.ts'
import type { InvariantLine, Safety } from './safety-types.ts'

export type Headline = { tone: 'charged' | 'pending' | 'failed' | 'info'; text: string }

/** The worst that is to be said. */
export function headlineOf(safety: Safety, now: Date): Headline {
  if (safety.checkedAt === null)
    return { tone: 'info', text: 'No check has run yet. The first comes within a minute.' }
  const age = formatAge(safety.checkedAt, now)
  const broken = safety.invariants.filter((line) => line.weight === 'breach' && line.count > 0)
  if (broken.length > 0)
    return {
      tone: 'failed',
      text: `${countText(total(broken), 'rule')} broken, see below. Last checked ${age}.`,
    }
  if (safety.stale) return { tone: 'failed', text: `The last check was ${age}. What is below may be old.` }
  const late = safety.invariants.filter((line) => line.count > 0)
  if (late.length > 0)
    return {
      tone: 'pending',
      text: `Nothing is broken; ${total(late)} late, see below. Last checked ${age}.`,
    }
  if (safety.invariants.some((line) => line.unanswered))
    return { tone: 'pending', text: `Some rules could not be checked in time. Last checked ${age}.` }
  return { tone: 'charged', text: `All rules hold. Last checked ${age}.` }
}

function total(lines: readonly InvariantLine[]): number {
  return lines.reduce((sum, line) => sum + line.count, 0)
}

function countText(count: number, what: string): string {
  return `${count.toLocaleString('en-IN')} ${count === 1 ? `case of a ${what}` : `cases of a ${what}`}`
}

/** What a line says at its end. */
export function lineText(line: InvariantLine): string {
  if (line.count > 0)
    return line.weight === 'breach' ? `Broken ${times(line.count)}` : `Late ${times(line.count)}`
  return line.unanswered ? 'Not checked in time' : 'Holds'
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count.toLocaleString('en-IN')} times`
}

/** "12,410 orders in 3 h"; few orders fit into one check. */
export function passText(pass: NonNullable<Safety['lastPass']>): string {
  const took = formatDuration(pass.endedAt.getTime() - pass.beganAt.getTime())
  const orders = `${pass.orders.toLocaleString('en-IN')} ${pass.orders === 1 ? 'order' : 'orders'}`
  return pass.endedAt.getTime() === pass.beganAt.getTime() ? `${orders} at once` : `${orders} in ${took}`
}
