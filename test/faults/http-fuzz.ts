/**
 * T13: broken and malicious HTTP over raw sockets. The server lives on, answers or ends every connection, keeps its memory,
 * goes on taking good webhooks, and stores nothing for anybody without the right credentials (J7).
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'undici'
import { connect } from '../../server/store/database.ts'
import { createAccount, WEBHOOK_PASSWORD } from '../support/factories.ts'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { deliver } from './raw-client.ts'
import type { ServerProcess } from './server-process.ts'
import { storyOf } from './stories.ts'
import { note, type Violation } from './violations.ts'
import { attackOf, STRANGER, type Aim, type Attack } from './wire-attacks.ts'
import { startServers, type Database } from './world.ts'

const CONNECTIONS = { short: 16, long: 32 }
/** One good webhook to so many attacks. */
const GOOD_EVERY = 100
/** Juspay gives up after about five seconds; the brief form runs beside the rest of the tests. */
const GOOD_MS = { short: 20_000, long: 5_000 }
/** A sender that has ended its side waits so long for the other to do so. */
const END_MS = 20_000
/** One that stays: ten seconds for the head or fifteen for all of it, and Node looks every thirty. */
const HELD_MS = 60_000
const HELD_MAX = 200
/** Share of the run after which memory is measured, and attacks after which it is at the latest. */
const WARM = { share: 0.3, max: 5_000 }
/** In the brief form the heap is still on the way to its usual size. */
const GROWTH_MAX_MB = { short: 200, long: 100 }
const NAMED_MAX = 10

export const httpFuzz: Battery = {
  name: 'http-fuzz',
  unit: 'attack',
  title: 'broken and malicious HTTP',
  long: { count: 100_000, events: 0, rate: 0 },
  run: runFuzz,
  broken: 'trusting',
  control: {
    what: 'a receiver that takes everybody for Juspay',
    count: 60,
    events: 0,
    rules: ['J7'],
  },
}

type Fuzz = {
  run: Run
  server: ServerProcess
  port: number
  database: Database
  aim: Aim
  counts: Record<string, number>
  /** How many found each thing; only the first few are told. */
  found: Map<Violation['rule'], string[]>
  good: { id: string; digest: string }[]
  /** 200s for requests to the account for mutants. */
  mutantsTaken: number
  rssMb: { first: number; last: number; max: number }
}

async function runFuzz(run: Run): Promise<Outcome> {
  const violations: Violation[] = []
  const database = await run.ground.newDatabase()
  const { servers, close } = await startServers([database.url], run.entry)
  try {
    const server = servers[0]
    if (server === undefined) throw new Error('no server was started')
    const fuzz: Fuzz = {
      run,
      server,
      port: Number(new URL(server.url).port),
      database,
      aim: { slug: database.slug, mutants: await mutantsAccount(database) },
      counts: { attacks: 0 },
      found: new Map(),
      good: [],
      mutantsTaken: 0,
      rssMb: { first: 0, last: 0, max: 0 },
    }
    await attack(fuzz)
    await sendGood(fuzz)
    for (const [rule, details] of fuzz.found)
      note(violations, rule, details.slice(0, NAMED_MAX).join('; '), details.length)
    for (const death of server.deaths) note(violations, 'death', `the server ended: ${death}`)
    judgeMemory(fuzz, violations)
    await judgeRows(fuzz, violations)
    return { counts: fuzz.counts, violations }
  } finally {
    await close()
    await database.close()
  }
}

async function mutantsAccount({ url }: Database): Promise<Aim['mutants']> {
  const slug = 'mutants'
  const store = connect(url, { poolSize: 1 })
  try {
    await createAccount(store, { slug, webhookUsername: slug })
  } finally {
    await store.close()
  }
  const login = Buffer.from(`${slug}:${WEBHOOK_PASSWORD}`).toString('base64')
  return { slug, authorization: `Basic ${login}` }
}

/** Attack after attack on many connections; those that stay open do so beside them. */
async function attack(fuzz: Fuzz): Promise<void> {
  const { run, counts } = fuzz
  const held = new Set<Promise<void>>()
  let next = 0
  const warm = Math.min(WARM.max, Math.floor(run.count * WARM.share))
  const attacker = async (): Promise<void> => {
    while (next < run.count && !run.signal.aborted) {
      const index = next
      next += 1
      if (index % GOOD_EVERY === 0) await sendGood(fuzz)
      if (index === warm) fuzz.rssMb.first = rssMbOf(fuzz.server)
      const made = attackOf(seededRandom(run.seed * 1_000_003 + index), index, fuzz.aim)
      // How long the server waits shows in the long form only: it is longer than the whole brief one.
      const stays = made.manner === 'hold' && run.tier === 'long' && held.size < HELD_MAX
      if (stays) {
        const done = strike(fuzz, made, index, HELD_MS).finally(() => held.delete(done))
        held.add(done)
      } else await strike(fuzz, made.manner === 'hold' ? { ...made, manner: 'listen' } : made, index, END_MS)
      run.progress(`${index}/${run.count} attacks, ${held.size} held, ${rssMbOf(fuzz.server)} MB`)
    }
  }
  const begunAt = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS[run.tier] }, attacker))
  counts['attacksPerSecond'] = Math.round((next * 1_000) / (performance.now() - begunAt))
  while (held.size > 0) await Promise.race(held)
}

async function strike(fuzz: Fuzz, made: Attack, index: number, limitMs: number): Promise<void> {
  const { counts } = fuzz
  counts['attacks'] = (counts['attacks'] ?? 0) + 1
  if (made.manner === 'hold') counts['held'] = (counts['held'] ?? 0) + 1
  const begunAt = performance.now()
  let reply
  try {
    reply = await deliver(fuzz.port, made, limitMs)
  } catch (error) {
    return finding(fuzz, 'recovery', `attack ${index} found nobody: ${String(error)}`)
  }
  const took = Math.round(performance.now() - begunAt)
  counts['longestMs'] = Math.max(counts['longestMs'] ?? 0, took)
  const name = `attack ${index} (${made.kind})`
  if (!reply.ended) finding(fuzz, 'hang', `${name} was neither answered nor ended in ${took} ms`)
  let taken = 0
  for (const status of reply.statuses) {
    counts[`answers_${status}`] = (counts[`answers_${status}`] ?? 0) + 1
    if (status === 200) taken += 1
    if (status > 503 || (status >= 500 && status < 503) || (status > 200 && status < 300))
      finding(fuzz, 'J6', `${name} was answered ${status}`)
  }
  if (reply.statuses.length === 0) counts['answers_none'] = (counts['answers_none'] ?? 0) + 1
  if (made.stranger && taken > 0) finding(fuzz, 'J7', `${name} was answered 200`)
  if (made.credentialed > 0) {
    fuzz.mutantsTaken += taken
    if (taken > made.credentialed) finding(fuzz, 'J7', `${name} was answered 200 ${taken} times`)
  }
}

function finding({ found }: Fuzz, rule: Violation['rule'], detail: string): void {
  const details = found.get(rule)
  if (details === undefined) found.set(rule, [detail])
  else details.push(detail)
}

/** What Juspay would send, as it would. */
async function sendGood(fuzz: Fuzz): Promise<void> {
  const { run, server, database, good } = fuzz
  fuzz.rssMb.last = rssMbOf(server)
  fuzz.rssMb.max = Math.max(fuzz.rssMb.max, fuzz.rssMb.last)
  const letter = storyOf({ seed: run.seed, startedAt: new Date() }, good.length).letters[0]
  if (letter === undefined) throw new Error('a story without letters')
  const { id, body } = letter
  good.push({ id, digest: createHash('sha256').update(body).digest('hex') })
  try {
    const reply = await request(`${server.url}/webhooks/juspay/${database.slug}`, {
      method: 'POST',
      headers: { authorization: database.authorization, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(GOOD_MS[run.tier]),
    })
    await reply.body.dump()
    if (reply.statusCode !== 200) finding(fuzz, 'J6', `good webhook ${id} was answered ${reply.statusCode}`)
  } catch (error) {
    finding(fuzz, 'J6', `good webhook ${id} got no answer: ${String(error)}`)
  }
}

/** Resident memory in MiB; 0 while it is dead. */
function rssMbOf(server: ServerProcess): number {
  const pid = server.pid()
  if (pid === null) return 0
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024)
}

function judgeMemory({ run, rssMb, counts }: Fuzz, violations: Violation[]): void {
  const growth = rssMb.last - rssMb.first
  Object.assign(counts, { rssFirstMb: rssMb.first, rssLastMb: rssMb.last, rssMaxMb: rssMb.max })
  if (rssMb.first === 0 || rssMb.last === 0) note(violations, 'vacuous', 'memory was not measured')
  if (growth >= GROWTH_MAX_MB[run.tier])
    note(violations, 'memory', `memory grew by ${growth} MB, to ${rssMb.last} MB`)
}

/** What SQL finds: of the attacked account exactly the good webhooks, of the other none of a stranger's. */
async function judgeRows(fuzz: Fuzz, violations: Violation[]): Promise<void> {
  const { database, good, counts } = fuzz
  const { rows } = await database.pool.query<{ slug: string; body: Buffer; digest: string; count: number }>(
    `select a.slug, e.body, encode(sha256(e.body), 'hex') as digest, e.delivery_count as count
     from webhook_event e join merchant_account a on a.id = e.merchant_account_id`,
  )
  const sent = new Set(good.map(({ digest }) => digest))
  const stored = new Set(rows.filter(({ slug }) => slug === database.slug).map(({ digest }) => digest))
  const lost = good.filter(({ digest }) => !stored.has(digest))
  if (lost.length > 0) {
    const named = lost.slice(0, NAMED_MAX).map(({ id }) => id)
    note(violations, 'J1', `${lost.length} good webhooks are not stored: ${named.join(', ')}`, lost.length)
  }
  const foreign = rows.filter(({ slug, body, digest }) =>
    slug === database.slug ? !sent.has(digest) : body.subarray(0, 64).includes(`"${STRANGER}`),
  )
  if (foreign.length > 0) {
    const named = foreign.slice(0, NAMED_MAX).map(({ body }) => body.toString('latin1', 0, 60))
    note(violations, 'J7', `${foreign.length} rows nobody may have made: ${named.join(', ')}`, foreign.length)
  }
  const mutants = rows.filter(({ slug }) => slug !== database.slug)
  const deliveries = mutants.reduce((sum, { count }) => sum + count, 0)
  if (deliveries < fuzz.mutantsTaken)
    note(violations, 'J1', `${fuzz.mutantsTaken} mutants were answered 200, ${deliveries} are stored`)
  if (fuzz.mutantsTaken === 0) note(violations, 'vacuous', 'not one mutant was good enough to be taken')
  Object.assign(counts, { good: good.length, goodStored: stored.size, mutantsTaken: fuzz.mutantsTaken })
}
