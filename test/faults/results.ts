/** The evidence of a battery. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { thisCommit, writeEvidence } from '../support/evidence.ts'
import type { ControlOutcome, Outcome } from './battery.ts'

const FOLDER = 'test/faults/results'

export type Evidence = {
  battery: string
  startedAt: Date
  seconds: number
  seed: number
  postgres: string
  outcome: Outcome
  control: ControlOutcome
  /** What this run went on from; its counts and seconds are added. */
  before: Earlier | null
}

const part = z.object({
  commit: z.string(),
  dirty: z.boolean(),
  startedAt: z.string(),
  seconds: z.number(),
  counts: z.record(z.string(), z.number()),
})
const earlier = part.extend({
  seed: z.number(),
  violations: z.array(z.unknown()),
  control: z.object({ caught: z.boolean() }),
  parts: z.array(part).default([]),
})
/** A recorded result that another run can go on from. */
export type Earlier = z.infer<typeof earlier>

/** The recorded result of a battery; null when there is none. @throws when the file is not one */
export function readEarlier(battery: string): Earlier | null {
  const path = join(import.meta.dirname, '../..', FOLDER, `${battery}.json`)
  return existsSync(path) ? earlier.parse(JSON.parse(readFileSync(path, 'utf8'))) : null
}

/** Writes `results/<battery>.json` and answers its path. */
export function writeResult({ battery, seed, outcome, control, before, ...run }: Evidence): string {
  const here = {
    ...thisCommit(),
    startedAt: run.startedAt.toISOString(),
    seconds: Math.round(run.seconds),
    seed,
    ...outcome,
    control,
  }
  return writeEvidence(FOLDER, battery, run, { battery, ...(before === null ? here : addTo(before, here)) })
}

/** Both results as one; `parts` lists the runs that it is the sum of, the last one included. */
export function addTo<Control extends { caught: boolean }>(
  before: Earlier,
  after: Omit<Earlier, 'parts' | 'control'> & { control: Control },
) {
  const { commit, dirty, startedAt, seconds, counts } = before
  const earlierParts =
    before.parts.length > 0 ? before.parts : [{ commit, dirty, startedAt, seconds, counts }]
  return {
    seconds: seconds + after.seconds,
    seed: before.seed,
    counts: sumOf([counts, after.counts]),
    violations: [...before.violations, ...after.violations],
    control: { ...after.control, caught: before.control.caught && after.control.caught },
    parts: [...earlierParts, part.parse(after)],
  }
}

function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const counts of all)
    for (const [name, value] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + value
  return sum
}
