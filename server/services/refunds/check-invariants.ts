/**
 * The standing checker: once a minute, whichever process comes first asks the database whether anything is true that
 * must never be. It looks at what changed since the last run, at what was wrong then, at what is overdue, and at one
 * slice of all orders, so that each order is looked at about once a day whatever became of it.
 */
import { CHECK_EVERY_MS, sliceSize, type FoundViolation } from '../../domain/invariant.ts'
import { STOP_REASON_MAX } from '../../domain/refund-stop.ts'
import type { InvariantScan, OpenViolation } from '../../store/invariant-checks.ts'
import type { Findings } from '../../store/refund-invariants.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { jobActor } from './refund-facts.ts'
import { stopRefunds } from './stop-refunds.ts'

/** Processes look a little more often than once a minute; the first to come takes the run. */
const DUE_SLACK_MS = 5_000
/** Changes read at once, orders checked at once. */
const CHANGES_MAX = 20_000
const CHUNK = 1_000
/** After this much work a run stops; the next one goes on from there. */
const RUN_MAX_MS = 10_000
/** Runs are kept this long. */
const KEPT_MS = 7 * 86_400_000
const PRUNE_MAX = 500

export type InvariantRun = {
  found: FoundViolation[]
  /** Those of `found` that no earlier run had found and that stop refunds. */
  fresh: OpenViolation[]
  changedOrders: number
  sliceOrders: number
}

/**
 * Runs the check when it is due.
 * @returns null when it is not, or another process has taken it
 */
export async function checkInvariants(deps: Deps): Promise<InvariantRun | null> {
  const startedAt = deps.clock.now()
  const nextDueAt = new Date(startedAt.getTime() + CHECK_EVERY_MS - DUE_SLACK_MS)
  const scan = await deps.store.invariantChecks.take(startedAt, nextDueAt)
  if (scan === null) return null
  const open = await deps.store.invariantChecks.openViolations(null)
  const work = new Work(deps)
  await work.queues(startedAt)
  await work.orders(open.flatMap((violation) => violation.orderId ?? []))
  const changes = await lookAtChanges(deps, work, scan)
  const slice = await lookAtSlice(deps, work, changes.scan, startedAt)
  const run = await record(deps, { work, open, startedAt, ...changes, ...slice })
  await stopForBreaches(deps)
  return run
}

/** What one run looks at and finds. */
class Work {
  readonly found: FoundViolation[] = []
  readonly failed = new Set<string>()
  /** Invariants of which not everything that is wrong was told: nothing of them is known to be over. */
  readonly partial = new Set<string>()
  readonly looked = new Set<string>()
  readonly #deps: Deps
  readonly #endsAt: number

  constructor(deps: Deps) {
    this.#deps = deps
    this.#endsAt = deps.clock.now().getTime() + RUN_MAX_MS
  }

  get isOver(): boolean {
    return this.#deps.clock.now().getTime() >= this.#endsAt
  }

  async queues(now: Date): Promise<void> {
    this.#note(await this.#deps.store.invariantQueries.ofQueues(now))
  }

  /** Looks at orders that this run has not looked at yet. */
  async orders(ids: readonly string[]): Promise<void> {
    const fresh = [...new Set(ids)].filter((id) => !this.looked.has(id))
    for (let at = 0; at < fresh.length; at += CHUNK) {
      const chunk = fresh.slice(at, at + CHUNK)
      this.#note(await this.#deps.store.invariantQueries.ofOrders(chunk))
      for (const id of chunk) this.looked.add(id)
    }
  }

  #note({ found, failed, more }: Findings): void {
    this.found.push(...found)
    for (const code of failed) this.failed.add(code)
    for (const code of [...failed, ...more]) this.partial.add(code)
  }
}

type Changes = { scan: InvariantScan; changedOrders: number; behind: boolean }

async function lookAtChanges(deps: Deps, work: Work, from: InvariantScan): Promise<Changes> {
  let scan = from
  const before = work.looked.size
  for (;;) {
    const { ids, more, ...place } = await deps.store.invariantChecks.changedOrders(scan, CHANGES_MAX)
    await work.orders(ids)
    scan = { ...scan, ...place }
    if (!more || work.isOver) return { scan, changedOrders: work.looked.size - before, behind: more }
  }
}

async function lookAtSlice(
  deps: Deps,
  work: Work,
  scan: InvariantScan,
  now: Date,
): Promise<{ scan: InvariantScan; sliceOrders: number }> {
  const limit = sliceSize(scan.lastPassOrders)
  const ids = await deps.store.invariantChecks.orderSlice(scan.sliceAfter, limit)
  await work.orders(ids)
  const passOrders = scan.passOrders + ids.length
  const passBeganAt = scan.passBeganAt ?? now
  if (ids.length === limit)
    return {
      scan: { ...scan, sliceAfter: ids.at(-1) ?? null, passBeganAt, passOrders },
      sliceOrders: ids.length,
    }
  const ended = { lastPassBeganAt: passBeganAt, lastPassEndedAt: now, lastPassOrders: passOrders }
  return {
    scan: { ...scan, ...ended, sliceAfter: null, passBeganAt: null, passOrders: 0 },
    sliceOrders: ids.length,
  }
}

type Run = Changes & { work: Work; open: readonly OpenViolation[]; startedAt: Date; sliceOrders: number }

async function record(deps: Deps, run: Run): Promise<InvariantRun> {
  const { work, open, startedAt, scan, changedOrders, sliceOrders, behind } = run
  const now = deps.clock.now()
  const stillFound = new Set(work.found.map(keyOf))
  const over = open.filter((one) => wasLookedAt(work, one) && !stillFound.has(keyOf(one)))
  const fresh = await deps.store.transaction(async (tx) => {
    await tx.invariantChecks.clear(
      over.map((one) => one.id),
      now,
    )
    const opened = await tx.invariantChecks.open(work.found, now)
    const all = await tx.invariantChecks.openViolations(null)
    const news = all.filter((one) => opened.has(one.id))
    for (const one of news) await announce(deps, tx, one)
    await tx.invariantChecks.append(
      {
        at: startedAt,
        tookMs: now.getTime() - startedAt.getTime(),
        changedOrders,
        sliceOrders,
        behind,
        failed: [...work.failed].sort(),
        found: work.found.length,
      },
      work.found,
    )
    await tx.invariantChecks.save(scan)
    await tx.invariantChecks.prune(new Date(now.getTime() - KEPT_MS), PRUNE_MAX)
    return news.filter((one) => one.breach)
  })
  return { found: work.found, fresh, changedOrders, sliceOrders }
}

/**
 * Stops refunds of every account with a broken invariant that has not stopped them yet. Once for each: whoever lifts the
 * stop has looked. A crash before the note is written only stops again, which adds nothing while a stop is in force.
 */
async function stopForBreaches(deps: Deps): Promise<void> {
  const breaches = await deps.store.invariantChecks.toStop()
  for (const accountId of new Set(breaches.map((one) => one.accountId))) {
    const own = breaches.filter((one) => one.accountId === accountId)
    const [first] = own
    if (first === undefined) continue
    const more = own.length === 1 ? '' : ` And ${own.length - 1} more, see Refund safety.`
    await stopRefunds(deps, {
      by: jobActor(deps, 'invariant-checker', accountId),
      gateway: null,
      reason: `${first.invariant} is broken: ${first.subject}. ${first.detail}${more}`.slice(
        0,
        STOP_REASON_MAX,
      ),
      expiresAt: null,
    })
    await deps.store.invariantChecks.stopped(
      own.map((one) => one.id),
      deps.clock.now(),
    )
  }
}

/** A violation is new: it is written down where people look, and told to whoever watches the logs. */
async function announce(
  deps: Deps,
  tx: StoreTx,
  { accountId, invariant, orderId, subject, detail, breach }: OpenViolation,
): Promise<void> {
  const facts = { accountId, invariant, orderId, subject, detail }
  if (breach) deps.log.error(facts, 'a refund invariant is broken')
  else deps.log.warn(facts, 'something about refunds is late')
  await tx.audit.append({
    actor: jobActor(deps, 'invariant-checker', accountId),
    action: breach ? 'invariant.broken' : 'invariant.late',
    subjectKind: orderId === null ? 'invariant' : 'order',
    subjectId: orderId ?? invariant,
    outcome: 'done',
    reason: `${invariant}: ${detail}`,
    after: { invariant, subject },
  })
}

function wasLookedAt(work: Work, violation: OpenViolation): boolean {
  if (work.partial.has(violation.invariant)) return false
  return violation.orderId === null || work.looked.has(violation.orderId)
}

function keyOf({
  accountId,
  invariant,
  subject,
}: Pick<FoundViolation, 'accountId' | 'invariant' | 'subject'>): string {
  return `${accountId} ${invariant} ${subject}`
}
