/** What all batteries have in common: how they are asked, what they answer, and the control that shows they can fail. */
import type { ServerEntry } from './server-process.ts'
import type { Violation } from './violations.ts'
import type { Ground } from './world.ts'

/** `short`: within every test run, brief waits. `long`: the evidence, with the limits as they are promised. */
export type Tier = 'short' | 'long'

export type Run = {
  ground: Ground
  tier: Tier
  seed: number
  /** How many faults. */
  count: number
  /** How many acknowledged events are wanted at least; the run goes on until it has them. */
  events: number
  /** Deliveries a second; null for as many as there can be. */
  rate: number | null
  /** Anything but `real` must be caught. */
  entry: ServerEntry
  /** Tells how far it is; the caller decides how often that is printed. */
  progress(line: string): void
  /** Tells what a reader of the result has to know. */
  say(line: string): void
  /** Aborted: end as soon as can be and judge what there is. */
  signal: AbortSignal
}

export type Outcome = {
  counts: Record<string, number>
  violations: Violation[]
}

export type Battery = {
  name: string
  /** What one of `count` is, such as `kill`. */
  unit: string
  title: string
  long: { count: number; events: number; rate: number }
  /** Where one seed follows the other: a run may go on where the last one ended, and all counts are sums. */
  goesOn?: true
  run(run: Run): Promise<Outcome>
  /** Shows one seed step by step, where that needs nothing else; answers whether nothing was wrong. */
  replay?(seed: number, say: (line: string) => void): Promise<boolean>
  /** Which broken server the control runs against. */
  broken: Extract<ServerEntry, 'hasty' | 'picky' | 'trusting' | 'numbered' | 'unlocked' | 'rekeying'>
  control: {
    /** What was broken on purpose. */
    what: string
    count: number
    events: number
    /** The violations by which it has to be found out, every one of them. */
    rules: readonly Violation['rule'][]
  }
}

export type ControlOutcome = {
  what: string
  caught: boolean
  counts: Record<string, number>
  found: Violation[]
}

/** Runs the battery against what is broken on purpose. A battery that does not notice proves nothing. */
export async function runControl(
  battery: Battery,
  run: Omit<Run, 'count' | 'events' | 'entry'>,
): Promise<ControlOutcome> {
  const { what, count, events, rules } = battery.control
  const { counts, violations } = await battery.run({ ...run, count, events, entry: battery.broken })
  const found = violations.filter((violation) => rules.includes(violation.rule))
  const caught = rules.every((rule) => found.some((violation) => violation.rule === rule))
  return { what, caught, counts, found }
}
