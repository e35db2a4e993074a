/** The evidence of a battery. */
import { writeEvidence } from '../support/evidence.ts'
import type { ControlOutcome, Outcome } from './battery.ts'

export type Evidence = {
  battery: string
  startedAt: Date
  seconds: number
  seed: number
  postgres: string
  outcome: Outcome
  control: ControlOutcome
}

/** Writes `results/<battery>.json` and answers its path. */
export function writeResult({ battery, seed, outcome, control, ...run }: Evidence): string {
  const { counts, violations } = outcome
  return writeEvidence('test/faults/results', battery, run, { battery, seed, counts, violations, control })
}
