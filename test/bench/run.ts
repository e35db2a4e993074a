/**
 * `npm run bench -- <name> [--scale 0.1] [--data DIR]`: measures, prints a table with ratios against a baseline of the same run, and
 * writes results/<name>.json with the commit and the machine.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openGround } from '../faults/world.ts'
import { writeEvidence } from '../support/evidence.ts'
import type { Bench, Row } from './bench.ts'
import { bulk } from './bulk.ts'
import { drain } from './drain.ts'
import { exportBench } from './export.ts'
import { feed } from './feed.ts'
import { firstPayment } from './first-payment.ts'
import { ingest } from './ingest.ts'
import { list } from './list.ts'
import { refunds } from './refunds.ts'
import { screen } from './screen.ts'

const BENCHES: readonly Bench[] = [
  ingest,
  drain,
  feed,
  refunds,
  bulk,
  list,
  screen,
  exportBench,
  firstPayment,
]
/** What a merchant with some traffic gives PostgreSQL; durability stays as it is. */
const FLAGS = ['shared_buffers=512MB', 'max_wal_size=4GB', 'max_connections=300']

/** Clusters that are kept, unless --data names another place; clear it away whenever you like. */
const KEPT = join(import.meta.dirname, '../../node_modules/.cache/bench')

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function usage(problem: string): never {
  say(problem)
  say('npm run bench -- <name> [--scale 0.1] [--data DIR]')
  for (const { name, title } of BENCHES) say(`  ${name.padEnd(12)} ${title}`)
  process.exit(2)
}

function readArguments(): { bench: Bench; scale: number; data: string } {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { scale: { type: 'string', default: '1' }, data: { type: 'string', default: KEPT } },
  })
  const bench = BENCHES.find(({ name }) => name === positionals[0])
  if (bench === undefined)
    return usage(positionals[0] ? `There is no bench ${positionals[0]}.` : 'Which bench?')
  const scale = Number(values.scale)
  if (!(scale > 0 && scale <= 10)) return usage('--scale is a number above 0, at most 10.')
  return { bench, scale, data: values.data }
}

function printTable(rows: readonly Row[]): void {
  if (rows.length === 0) return
  const columns = Object.keys(rows[0] ?? {})
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))]
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)))
  for (const line of cells)
    say(
      line
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join('  '),
    )
}

async function main(): Promise<void> {
  const { bench, scale, data } = readArguments()
  const startedAt = new Date()
  const kept = bench.kept === undefined ? {} : { kept: join(data, bench.kept) }
  const ground = await openGround({ flags: FLAGS, ...kept })
  try {
    say(bench.title)
    const {
      rows,
      details = [],
      aims,
    } = await bench.run({ ground, scale, progress: (line) => say(`  ${line} …`) })
    printTable(details)
    printTable(rows)
    for (const { aim, found, met } of aims) say(`${met ? 'met    ' : 'NOT MET'}  ${aim}: ${found}`)
    const seconds = (Date.now() - startedAt.getTime()) / 1_000
    const content = { bench: bench.name, scale, rows, aims, ...(details.length > 0 ? { details } : {}) }
    say(
      writeEvidence(
        'test/bench/results',
        bench.name,
        { startedAt, seconds, postgres: ground.cluster.version },
        content,
      ),
    )
  } finally {
    await ground.close()
  }
}

await main()
