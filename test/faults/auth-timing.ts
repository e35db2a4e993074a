/**
 * T19: how long the receiver takes to refuse a password says nothing about where the guess went wrong. Guesses that differ
 * at the first and at the last character are measured in turns, and compared by Welch's t.
 */
import { randomBytes } from 'node:crypto'
import { authenticate, credentialHash } from '../../server/webhooks/authenticate.ts'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { note, type Violation } from './violations.ts'

/** Beyond this the two are told apart (reliability T19). */
const T_MAX = 4.5
/** Long, so that a comparison that stops early shows. */
const PASSWORD_LENGTH = 4_096
/** Calls before measuring, in which the compiler settles. */
const WARM_UP = 2_000
/** The slowest are interruptions of the machine, and say nothing about the code. */
const KEPT_SHARE = 0.9
const PROGRESS_EVERY = 1_000

export const authTiming: Battery = {
  name: 'auth-timing',
  unit: 'pair of guesses',
  title: 'refusing a wrong webhook password takes the same time wherever it is wrong',
  long: { count: 20_000, events: 0, rate: 0 },
  run: (run) => Promise.resolve(measure(run)),
  broken: 'hasty',
  control: {
    what: 'a comparison that stops at the first difference',
    count: 2_000,
    events: 0,
    rules: ['timing'],
  },
}

function measure(run: Run): Outcome {
  const password = randomBytes(PASSWORD_LENGTH / 2).toString('hex')
  const account = {
    id: 'account',
    slug: 'shop',
    username: 'hook',
    credentials: [credentialHash('hook', password)],
  }
  const guesses = [`~${password.slice(1)}`, `${password.slice(0, -1)}~`].map(
    (guess) => `Basic ${Buffer.from(`hook:${guess}`).toString('base64')}`,
  )
  const check = (guess: string): boolean =>
    run.entry === 'real' ? authenticate(guess, account) : stopsEarly(guess, password)
  const random = seededRandom(run.seed)
  const times: [number[], number[]] = [[], []]
  for (let index = -WARM_UP; index < run.count * 2 && !run.signal.aborted; index += 1) {
    const which = random() < 0.5 ? 0 : 1
    const from = process.hrtime.bigint()
    check(guesses[which] ?? '')
    const took = Number(process.hrtime.bigint() - from)
    if (index >= 0) times[which].push(took)
    if (index % PROGRESS_EVERY === 0) run.progress(`${index} guesses`)
  }
  const [first, last] = [summary(times[0]), summary(times[1])]
  const t = Math.abs(first.mean - last.mean) / Math.sqrt(first.error ** 2 + last.error ** 2)
  const violations: Violation[] = []
  if (!(t < T_MAX))
    note(
      violations,
      'timing',
      `wrong at the first character ${first.mean.toFixed(0)} ns, at the last ${last.mean.toFixed(0)} ns: t = ${t.toFixed(1)}`,
    )
  return {
    counts: {
      guesses: times[0].length + times[1].length,
      firstNs: Math.round(first.mean),
      lastNs: Math.round(last.mean),
      t: Math.round(t * 100) / 100,
    },
    violations,
  }
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
