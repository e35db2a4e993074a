/**
 * The frame of the batteries that leave the servers alone and break what they depend on: load goes on, one fault after the
 * other comes and goes, every server has to take webhooks again by itself, and the judge speaks at the end.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { FaultProxy } from '../support/fault-proxy.ts'
import { seededRandom } from '../support/scenario.ts'
import type { Outcome, Run } from './battery.ts'
import { judge } from './judge.ts'
import { startLoad, type Load } from './load.ts'
import { createMail } from './mail.ts'
import type { ServerProcess } from './server-process.ts'
import { ownTimes, type Times } from './times.ts'
import { note, type Violation } from './violations.ts'
import { startServers, type Database } from './world.ts'

/** Reliability W18 and T3; the brief form runs beside the rest of the tests, and its clocks prove little. */
const ANSWER_MS = { short: 5_000, long: 2_000 }
export const RECOVERY_MS = { short: 30_000, long: 10_000 }
const SETTLE_MS = { short: 60_000, long: 300_000 }
const FINISH_MS = 60_000
const CONNECTIONS = 16
const POLL_MS = 50
const STRUCK_MS = 10_000
/** Before each fault everything works, for up to this long. */
const CALM_MAX_MS = { short: 150, long: 1_500 }

export type Siege = {
  run: Run
  database: Database
  servers: readonly ServerProcess[]
  load: Load
  random: () => number
  violations: Violation[]
  /** Milliseconds from the end of a fault to the first 200 of each server. */
  recovery: Times
  /** What else the battery counts. */
  counts: Record<string, number>
}

/**
 * Starts one server for each of `urls`, and has `strike` bring about fault after fault until the run has its count.
 * @param strike brings a fault about, ends it, and returns the instant from which all is well again
 */
export async function besiege(
  run: Run,
  database: Database,
  urls: readonly string[],
  strike: (siege: Siege, index: number) => Promise<number>,
): Promise<Outcome> {
  const { tier } = run
  const violations: Violation[] = []
  const recovery = ownTimes()
  const counts: Record<string, number> = {}
  const { servers, close } = await startServers(urls, run.entry)
  const mail = createMail({ seed: run.seed, startedAt: new Date() })
  const load = startLoad({
    targets: servers.map((server) => server.url),
    slug: database.slug,
    authorization: database.authorization,
    connections: CONNECTIONS,
    rate: run.rate,
    mail,
  })
  const random = seededRandom(run.seed)
  const siege = { run, database, servers, load, random, violations, recovery, counts }
  try {
    await allTake(siege, performance.now())
    for (let index = 0; index < run.count && !run.signal.aborted; index += 1) {
      await wait(random() * CALM_MAX_MS[tier])
      await allTake(siege, await strike(siege, index))
      run.progress(
        `${index + 1}/${run.count} faults, ${mail.ackedCount()} acknowledged, recovery p50 ${recovery.at(0.5)} ms`,
      )
    }
    while (mail.ackedCount() < run.events && !run.signal.aborted) await wait(POLL_MS)
    await load.finish(FINISH_MS)
    await load.close()
    for (const server of servers)
      for (const death of server.deaths) note(violations, 'death', `a server ended by itself: ${death}`)
    judgeAnswers(siege)
    run.progress('judging')
    const { pool, accountId } = database
    const verdict = await judge({
      pool,
      accountId,
      mail,
      load,
      settleMs: SETTLE_MS[tier],
      hurry: tier === 'short',
    })
    const { violations: found, ...judged } = verdict
    return {
      violations: [...violations, ...found],
      counts: { faults: run.count, ...counts, ...judged, ...measured(load, recovery) },
    }
  } finally {
    await load.close()
    await close()
  }
}

/** A fault lasts at least until it has met something; a busy machine may be slow to give it that. */
export async function untilStruck(proxy: FaultProxy): Promise<void> {
  const deadline = performance.now() + STRUCK_MS
  while (proxy.struck() === 0 && performance.now() < deadline) await wait(POLL_MS)
}

/** Waits until every server has taken a webhook that was sent after `since`. */
async function allTake({ run, servers, load, recovery, violations }: Siege, since: number): Promise<void> {
  const limit = RECOVERY_MS[run.tier]
  await Promise.all(
    servers.map(async (server, target) => {
      const took = await load.ackAfter(target, since, limit * 4)
      if (took !== null) recovery.add(took)
      if (took !== null && took <= limit) return
      note(
        violations,
        'recovery',
        `server ${target} took ${took ?? 'too many'} ms to store again: ${server.output().slice(-600)}`,
      )
    }),
  )
}

function judgeAnswers({ run, load, violations }: Siege): void {
  const limit = ANSWER_MS[run.tier]
  if (load.refused.max() > limit)
    note(
      violations,
      'answer time',
      `a webhook waited ${load.refused.max()} ms for its 503; p99 ${load.refused.at(0.99)} ms`,
    )
  if (load.unanswered.count() > 0)
    note(
      violations,
      'answer time',
      `${load.unanswered.count()} webhooks got no answer at all`,
      load.unanswered.count(),
    )
}

function measured(load: Load, recovery: Times): Record<string, number> {
  const answers = Object.entries(load.answers).map(([kind, count]) => [`answers_${kind}`, count] as const)
  return {
    ...Object.fromEntries(answers),
    unanswered: load.unanswered.count(),
    refusedP99Ms: load.refused.at(0.99),
    refusedMaxMs: load.refused.max(),
    storedP99Ms: load.stored.at(0.99),
    recoveryP50Ms: recovery.at(0.5),
    recoveryP99Ms: recovery.at(0.99),
    recoveryMaxMs: recovery.max(),
  }
}
