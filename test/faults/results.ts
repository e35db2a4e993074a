/** The evidence of a run: what was run, on what, and what was found, as a file that is committed. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { ControlOutcome, Outcome } from './battery.ts'

const root = join(import.meta.dirname, '../..')
const directory = join(import.meta.dirname, 'results')
const GIB = 1024 ** 3

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
export function writeResult(evidence: Evidence): string {
  const { battery, startedAt, seconds, seed, postgres, outcome, control } = evidence
  const path = join(directory, `${battery}.json`)
  const content = {
    battery,
    commit: git('rev-parse', 'HEAD'),
    // The results themselves are no part of what was tested.
    dirty: git('status', '--porcelain', '--', '.', ':!test/faults/results', ':!test/bench/results') !== '',
    machine: {
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / GIB),
      node: process.version,
      postgres,
    },
    startedAt: startedAt.toISOString(),
    seconds: Math.round(seconds),
    seed,
    counts: outcome.counts,
    violations: outcome.violations,
    control,
  }
  mkdirSync(directory, { recursive: true })
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
  return path
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
}
