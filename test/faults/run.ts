/**
 * `npm run faults -- <battery> [--seed N] [--count N] [--events N] [--rate N] [--more]`: the long form of a battery, first against what is
 * broken on purpose. `--more` goes on after the seeds already recorded and adds to them. Prints how far it is and a table, and writes the result as evidence.
 */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { answers } from './answers.ts'
import { authTiming } from './auth-timing.ts'
import { runControl, type Battery, type ControlOutcome, type Outcome } from './battery.ts'
import { crashPoints } from './crash-points.ts'
import { feed } from './feed.ts'
import { hostile } from './hostile.ts'
import { httpFuzz } from './http-fuzz.ts'
import { killDatabase } from './kill-database.ts'
import { killRefunds } from './kill-refunds.ts'
import { killServer } from './kill-server.ts'
import { model } from './model.ts'
import { network } from './network.ts'
import { peerBugs } from './peer-bugs.ts'
import { permutation } from './permutation.ts'
import { procedureFuzz } from './procedure-fuzz.ts'
import { races } from './races.ts'
import { storage } from './storage.ts'
import { readEarlier, writeResult, type Earlier } from './results.ts'
import { simulation } from './simulation.ts'
import { openGround } from './world.ts'

const BATTERIES: readonly Battery[] = [
  killServer,
  killDatabase,
  storage,
  network,
  permutation,
  hostile,
  httpFuzz,
  authTiming,
  feed,
  races,
  peerBugs,
  killRefunds,
  model,
  crashPoints,
  answers,
  simulation,
  procedureFuzz,
]
const PROGRESS_EVERY_MS = 5_000
/** What PostgreSQL is given for a run with a million events; durability stays as it is. */
const FLAGS = ['shared_buffers=512MB', 'max_wal_size=4GB']

const whole = z.coerce.number().int().min(0)
const optionsShape = z.object({
  seed: whole.default(1),
  count: whole.optional(),
  events: whole.optional(),
  rate: whole.min(1).optional(),
})

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function usage(problem: string): never {
  say(problem)
  say('npm run faults -- <battery> [--seed N] [--count N] [--events N] [--rate N] [--more]')
  for (const { name, title, unit, long } of BATTERIES)
    say(`  ${name.padEnd(16)} ${title}; ${long.count} × ${unit}`)
  process.exit(2)
}

type Wish = {
  battery: Battery
  seed: number
  count: number
  events: number
  rate: number
  before: Earlier | null
}

function readArguments(): Wish {
  const text = { type: 'string' } as const
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        seed: text,
        count: text,
        events: text,
        rate: text,
        more: { type: 'boolean', default: false },
      },
    })
    const battery = BATTERIES.find(({ name }) => name === positionals[0])
    if (battery === undefined)
      return usage(positionals[0] ? `There is no battery ${positionals[0]}.` : 'Which battery?')
    const { long } = battery
    const { count = long.count, events = long.events, rate = long.rate, ...rest } = optionsShape.parse(values)
    const before = values.more ? earlierOf(battery) : null
    const seed = before === null ? rest.seed : before.seed + (before.counts['seeds'] ?? 0)
    return { battery, seed, count, events, rate, before }
  } catch (error) {
    if (error instanceof z.ZodError) usage(z.prettifyError(error))
    usage(error instanceof Error ? error.message : String(error))
  }
}

function earlierOf(battery: Battery): Earlier | null {
  if (battery.goesOn !== true) return usage(`${battery.name} cannot go on where it ended.`)
  return readEarlier(battery.name)
}

/** Passes on the first line and then one every few seconds. */
function progressPrinter(startedAt: Date): (line: string) => void {
  let printedAt = -Infinity
  return (line) => {
    const now = performance.now()
    if (now - printedAt < PROGRESS_EVERY_MS) return
    printedAt = now
    say(`${Math.round((Date.now() - startedAt.getTime()) / 1_000)} s  ${line}`)
  }
}

function printTable({ counts, violations }: Outcome, control: ControlOutcome): void {
  for (const [name, value] of Object.entries(counts))
    say(`  ${name.padEnd(24)} ${value.toLocaleString('en-IN')}`)
  say(`  violations               ${violations.length}`)
  for (const { rule, detail } of violations) say(`    ${rule}: ${detail}`)
  say(`  control                  ${control.what}: ${control.caught ? 'caught' : 'NOT CAUGHT'}`)
}

function stopped(): number {
  say('Stopped before the end: no result is written.')
  return 130
}

async function main(): Promise<number> {
  const { battery, seed, count, events, rate, before } = readArguments()
  if (count === 1 && battery.replay !== undefined) return (await battery.replay(seed, say)) ? 0 : 1
  const stopping = new AbortController()
  let asked = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      asked += 1
      if (asked > 1) process.exit(130)
      say('Stopping; once more to stop without cleaning up.')
      stopping.abort()
    })
  const startedAt = new Date()
  const ground = await openGround({ flags: FLAGS })
  try {
    const shared = {
      ground,
      tier: 'long',
      seed,
      progress: progressPrinter(startedAt),
      say,
      signal: stopping.signal,
    } as const
    say(`${battery.title}: the control first (${battery.control.what})`)
    const control = await runControl(battery, { ...shared, tier: 'short', rate: null })
    if (stopping.signal.aborted) return stopped()
    say(`control ${control.caught ? 'caught' : 'NOT CAUGHT'}; now ${count} × ${battery.unit}, seed ${seed}`)
    const outcome = await battery.run({ ...shared, count, events, rate, entry: 'real' })
    const seconds = (Date.now() - startedAt.getTime()) / 1_000
    printTable(outcome, control)
    if (stopping.signal.aborted) return stopped()
    const postgres = ground.cluster.version
    say(writeResult({ battery: battery.name, startedAt, seconds, seed, postgres, outcome, control, before }))
    return outcome.violations.length === 0 && control.caught ? 0 : 1
  } finally {
    await ground.close()
  }
}

process.exitCode = await main()
