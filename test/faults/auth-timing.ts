/**
 * T19: how long the receiver takes to refuse a password says nothing about where the guess went wrong. Guesses that differ
 * at the first and at the last character are measured in turns, and compared by Welch's t: the check by itself, and in the
 * long form also over HTTP.
 */
import { randomBytes } from 'node:crypto'
import { Client } from 'undici'
import { authenticate, credentialHash } from '../../server/webhooks/authenticate.ts'
import { WEBHOOK_PASSWORD } from '../support/factories.ts'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { note, type Violation } from './violations.ts'
import { startServers } from './world.ts'

/** Beyond this the two are told apart (reliability T19). */
const T_MAX = 4.5
/** Long, so that a comparison that stops early shows. */
const PASSWORD_LENGTH = 4_096
/** Calls before measuring, in which the compiler settles. */
const WARM_UP = 2_000
/** A busy machine can tell two equal things apart by chance, a leak shows every time: all of so many rounds must. */
const ROUNDS = 3
/** The slowest are interruptions of the machine, and say nothing about the code. */
const KEPT_SHARE = 0.9
const PROGRESS_EVERY = 1_000

export const authTiming: Battery = {
  name: 'auth-timing',
  unit: 'pair of guesses',
  title: 'refusing a wrong webhook password takes the same time wherever it is wrong',
  long: { count: 20_000, events: 0, rate: 0 },
  run: runTiming,
  broken: 'hasty',
  control: {
    what: 'a comparison that stops at the first difference',
    count: 2_000,
    events: 0,
    rules: ['timing'],
  },
}

/** Makes a guess that is wrong at the first (0) or at the last (1) character. */
type Guess = (which: 0 | 1) => unknown

async function runTiming(run: Run): Promise<Outcome> {
  const violations: Violation[] = []
  const counts = await compare(run, 'check', checkItself(run), violations)
  if (run.tier === 'long') Object.assign(counts, await overHttp(run, violations))
  return { counts, violations }
}

function checkItself(run: Run): Guess {
  const password = randomBytes(PASSWORD_LENGTH / 2).toString('hex')
  const account = {
    id: 'account',
    slug: 'shop',
    username: 'hook',
    credentials: [credentialHash('hook', password)],
  }
  const guesses = guessesAt(password)
  return (which) =>
    run.entry === 'real' ? authenticate(guesses[which], account) : stopsEarly(guesses[which], password)
}

function guessesAt(password: string): [string, string] {
  const basic = (guess: string): string => `Basic ${Buffer.from(`hook:${guess}`).toString('base64')}`
  return [basic(`~${password.slice(1)}`), basic(`${password.slice(0, -1)}~`)]
}

/** One guess after the other over one connection to a server of its own. */
async function overHttp(run: Run, violations: Violation[]): Promise<Outcome['counts']> {
  const database = await run.ground.newDatabase()
  const { servers, close } = await startServers([database.url], run.entry)
  const client = new Client(servers[0]?.url ?? '')
  try {
    const guesses = guessesAt(WEBHOOK_PASSWORD)
    const path = `/webhooks/juspay/${database.slug}`
    const guess = async (which: 0 | 1): Promise<void> => {
      const headers = { authorization: guesses[which] }
      const reply = await client.request({ method: 'POST', path, headers, body: '{}' })
      await reply.body.dump()
      if (reply.statusCode !== 401) throw new Error(`a wrong password was answered ${reply.statusCode}`)
    }
    return await compare(run, 'http', guess, violations)
  } finally {
    await client.destroy()
    await close()
    await database.close()
  }
}

/** Rounds until one tells nothing; it is a leak only when none does. */
async function compare(
  run: Run,
  name: string,
  guess: Guess,
  violations: Violation[],
): Promise<Outcome['counts']> {
  const counts: Outcome['counts'] = {}
  const told: string[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { times, t, first, last } = await measure(run, round, name, guess)
    Object.assign(counts, {
      [`${name}Rounds`]: round,
      [`${name}Guesses`]: times,
      [`${name}FirstNs`]: Math.round(first),
      [`${name}LastNs`]: Math.round(last),
      [`${name}T`]: Math.round(t * 100) / 100,
    })
    if (t < T_MAX) return counts
    told.push(
      `wrong at the first character ${first.toFixed(0)} ns, at the last ${last.toFixed(0)} ns: t = ${t.toFixed(1)}`,
    )
  }
  note(violations, 'timing', `${name}: ${told.join('; ')}`)
  return counts
}

async function measure(
  run: Run,
  round: number,
  name: string,
  guess: Guess,
): Promise<{ times: number; t: number; first: number; last: number }> {
  const random = seededRandom(run.seed * 1_000 + round)
  const times: [number[], number[]] = [[], []]
  for (let index = -WARM_UP; index < run.count * 2 && !run.signal.aborted; index += 1) {
    const which = random() < 0.5 ? 0 : 1
    const from = process.hrtime.bigint()
    const made = guess(which)
    if (made instanceof Promise) await made
    const took = Number(process.hrtime.bigint() - from)
    if (index >= 0) times[which].push(took)
    if (index % PROGRESS_EVERY === 0) run.progress(`${name}, round ${round}: ${index} guesses`)
  }
  const [first, last] = [summary(times[0]), summary(times[1])]
  const t = Math.abs(first.mean - last.mean) / Math.sqrt(first.error ** 2 + last.error ** 2)
  return { times: times[0].length + times[1].length, t, first: first.mean, last: last.mean }
}

/** Mean and its standard error, without the slowest. */
function summary(times: readonly number[]): { mean: number; error: number } {
  const kept = times.toSorted((a, b) => a - b).slice(0, Math.ceil(times.length * KEPT_SHARE))
  const mean = kept.reduce((sum, time) => sum + time, 0) / kept.length
  const variance = kept.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (kept.length - 1)
  return { mean, error: Math.sqrt(variance / kept.length) }
}

/** The control: what `===` on text may do, made plain. */
function stopsEarly(authorization: string, expected: string): boolean {
  const sent = Buffer.from(authorization.slice('Basic '.length), 'base64')
    .toString('utf8')
    .slice('hook:'.length)
  for (let at = 0; at < expected.length; at += 1)
    if (sent.charCodeAt(at) !== expected.charCodeAt(at)) return false
  return sent.length === expected.length
}
