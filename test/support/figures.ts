/** README's figures, made from the result files that the programs wrote: nobody types one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')
const README = join(root, 'README.md')
const BEGIN = '<!-- figures: made by `npm run figures` from the result files -->'
const END = '<!-- end of figures -->'
const COMMIT_LENGTH = 7

const run = {
  commit: z.string(),
  dirty: z.boolean(),
  startedAt: z.string(),
  seconds: z.number(),
  machine: z.object({ cores: z.number(), memoryGiB: z.number(), node: z.string(), postgres: z.string() }),
}
const cell = z.union([z.string(), z.number(), z.null()])

export const batteryShape = z.object({
  ...run,
  battery: z.string(),
  counts: z.record(z.string(), z.number()),
  violations: z.array(z.unknown()),
  control: z.object({ what: z.string(), caught: z.boolean() }),
  /** The runs that it is the sum of, where it is. */
  parts: z.array(z.object({ commit: z.string(), dirty: z.boolean() })).default([]),
})
export type BatteryResult = z.input<typeof batteryShape>

export const benchShape = z.object({
  ...run,
  bench: z.string(),
  rows: z.array(z.record(z.string(), cell)),
  aims: z.array(z.object({ aim: z.string(), found: z.string(), met: z.boolean() })),
})
export type BenchResult = z.infer<typeof benchShape>

/** The block of README between its marks, with the figures of all results. */
export function figuresOf(batteries: readonly BatteryResult[], benches: readonly BenchResult[]): string {
  const parts = [BEGIN, '']
  if (batteries.length > 0)
    parts.push(
      tableOf(
        ['Battery', 'What was done', 'Violations', 'Control that must be caught', 'Took', 'Commit'],
        batteries.map((one) => [
          `\`npm run faults -- ${one.battery}\``,
          countsOf(one.counts),
          String(one.violations.length),
          `${one.control.what}: ${one.control.caught ? 'caught' : '**not caught**'}`,
          `${Math.round(one.seconds / 60)} min`,
          [...new Set([...(one.parts ?? []), one].map(commitOf))].join(', '),
        ]),
      ),
      '',
    )
  for (const bench of benches) {
    const columns = Object.keys(bench.rows[0] ?? {})
    parts.push(
      `\`npm run bench -- ${bench.bench}\` (commit ${commitOf(bench)}, ${bench.machine.cores} cores, Node ${bench.machine.node}, PostgreSQL ${bench.machine.postgres}, load on the same machine):`,
      '',
      tableOf(
        columns.map((column) => (column === 'name' ? '' : column)),
        bench.rows.map((row) => columns.map((column) => String(row[column] ?? ''))),
      ),
      '',
      ...bench.aims.map(({ aim, found, met }) => `- ${met ? 'met' : '**not met**'}: ${aim} (${found})`),
      '',
    )
  }
  return [...parts, END].join('\n')
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, value]) => `${name} ${value.toLocaleString('en-IN')}`)
    .join(', ')
}

const commitOf = ({ commit, dirty }: { commit: string; dirty: boolean }): string =>
  `${commit.slice(0, COMMIT_LENGTH)}${dirty ? ' with changes' : ''}`

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Every result that is kept, in the order of their names. */
export function readResults(): { batteries: BatteryResult[]; benches: BenchResult[] } {
  const all = (folder: string): unknown[] => {
    const path = join(root, folder)
    if (!existsSync(path)) return []
    const names = readdirSync(path).filter((name) => name.endsWith('.json'))
    return names
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as unknown)
  }
  return {
    batteries: z.array(batteryShape).parse(all('test/faults/results')),
    benches: z.array(benchShape).parse(all('test/bench/results')),
  }
}

/** README as it is and as it would be with the figures of the results. @throws when its marks are missing */
export function readmeWithFigures(): { path: string; before: string; after: string } {
  const before = readFileSync(README, 'utf8')
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)]
  if (from < 0 || to < from) throw new Error('README.md has no place for figures')
  const { batteries, benches } = readResults()
  return {
    path: README,
    before,
    after: before.slice(0, from) + figuresOf(batteries, benches) + before.slice(to + END.length),
  }
}
