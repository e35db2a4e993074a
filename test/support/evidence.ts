/** The evidence of a long run: what was run, on what, and what was found, as a file that is committed. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const GIB = 1024 ** 3

/** Writes `<folder>/<name>.json` with the commit and the machine before `content`; answers its path. */
export function writeEvidence(
  folder: string,
  name: string,
  run: { startedAt: Date; seconds: number; postgres: string },
  content: Readonly<Record<string, unknown>>,
): string {
  const path = join(root, folder, `${name}.json`)
  const evidence = {
    ...thisCommit(),
    machine: {
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / GIB),
      node: process.version,
      postgres: run.postgres,
    },
    startedAt: run.startedAt.toISOString(),
    seconds: Math.round(run.seconds),
    ...content,
  }
  mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(path, `${JSON.stringify(evidence, null, 2)}\n`)
  return path
}

/** The commit that is checked out, and whether anything differs from it. */
export function thisCommit(): { commit: string; dirty: boolean } {
  return {
    commit: git('rev-parse', 'HEAD'),
    // The results themselves are no part of what was tested.
    dirty: git('status', '--porcelain', '--', '.', ':!test/faults/results', ':!test/bench/results') !== '',
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
}
