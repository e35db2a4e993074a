/**
 * The check of rows against Juspay and the books. Juspay is asked about each order unless it was asked minutes ago;
 * then the verdicts of all rows are written together, in the file's order, so that rows about one order add up.
 */
import type { Actor } from '../../domain/actor.ts'
import { attemptChoice, attemptProblem } from '../../domain/charged-attempt.ts'
import { checkRow, type CheckedRow, type RowFacts } from '../../domain/bulk-check.ts'
import { readRow } from '../../domain/bulk-row.ts'
import type { ApprovalPolicy } from '../../domain/approval-policy.ts'
import { leftMinorOf, refundBlockOf, unconfirmedBlock } from '../../domain/refund-block.ts'
import { noteProblem, reasonOf } from '../../domain/refund-reason.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { CallPurpose } from '../../domain/status-budget.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { BulkOrderFacts } from '../../store/bulk-reads.ts'
import type { BulkRowRecord } from '../../store/bulk-rows.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { askJuspay } from '../orders/check-status.ts'
import { readAttempts } from '../refunds/order-attempts.ts'
import { inLanes } from './lanes.ts'

/** An answer of Juspay's that is this old will do for the check: every refund is looked at again before it is sent. */
const CONFIRMED_MS = 10 * 60_000
/** A failed refund may still turn out to have been paid for this long (reliability §2.1.10). */
const FAILED_WAIT_MS = 15 * 60_000
const MINUTE_MS = 60_000
/** No further question is asked in a round after this long, so that what is known by then is written down. */
const ROUND_MS = 15_000
/** Questions to Juspay that are in the air at once. */
const LANES = 4

type Asked = 'confirmed' | 'unknown_there' | 'unanswered'

export type Checking = {
  deps: Deps
  actor: Actor
  batch: Pick<BulkBatchRecord, 'id' | 'merchantAccountId' | 'currency'>
  purpose: Exclude<CallPurpose, 'unknown_order' | 'sweep' | 'refund'>
}

/**
 * Asks Juspay about the orders of some rows. Rows whose orders could not be asked about because the budget is used up
 * or the round has taken its time are not in the answer: their turn comes later.
 */
export async function askAboutRows(
  { deps, actor, batch, purpose }: Checking,
  rows: readonly BulkRowRecord[],
): Promise<{ rows: BulkRowRecord[]; answers: Map<string, Asked> }> {
  const now = deps.clock.now()
  const facts = await deps.store.bulk.orderFacts(
    batch.merchantAccountId,
    batch.id,
    rows.map(({ n }) => n),
    now,
  )
  const orderOf = new Map(facts.map(({ n, orderId }) => [n, orderId]))
  const answers = new Map<string, Asked>()
  const stale = new Set<string>()
  for (const { orderId, lastCheckedAt, unconfirmedSince } of facts) {
    const fresh = lastCheckedAt !== null && now.getTime() - lastCheckedAt.getTime() <= CONFIRMED_MS
    if (fresh && unconfirmedSince === null) answers.set(orderId, 'confirmed')
    else stale.add(orderId)
  }
  let limited = false
  await inLanes(LANES, [...stale], async (orderId) => {
    if (limited || deps.clock.now().getTime() - now.getTime() > ROUND_MS) return
    const first = await ask(deps, actor, orderId, purpose)
    // One answer that does not come says little; the second time the row is marked.
    const asked = first === 'unanswered' ? await ask(deps, actor, orderId, purpose) : first
    if (asked === 'rate_limited') limited = true
    else answers.set(orderId, asked)
  })
  const answered = rows.filter(({ n }) => {
    const orderId = orderOf.get(n)
    return orderId === undefined || answers.has(orderId)
  })
  return { rows: answered, answers }
}

async function ask(
  deps: Deps,
  actor: Actor,
  orderId: string,
  purpose: Checking['purpose'],
): Promise<Asked | 'rate_limited'> {
  try {
    const { outcome } = await askJuspay(deps, actor, orderId, purpose)
    if (outcome === 'changed' || outcome === 'no_change') return 'confirmed'
    return outcome === 'not_found' ? 'unknown_there' : 'unanswered'
  } catch (error) {
    if (error instanceof Refusal) return error.code === 'rate_limited' ? 'rate_limited' : 'unanswered'
    throw error
  }
}

/** Writes the verdicts of rows and counts them. The caller holds the batch's lock. */
export async function judgeRows(
  tx: StoreTx,
  { deps, batch }: Pick<Checking, 'deps' | 'batch'>,
  rows: readonly BulkRowRecord[],
  answers: ReadonlyMap<string, Asked>,
): Promise<void> {
  const now = deps.clock.now()
  const { rules } = await tx.refundPolicies.current(batch.merchantAccountId)
  const since = new Date(now.getTime() - rules.sameAmountWindowMinutes * MINUTE_MS)
  const ns = rows.map(({ n }) => n)
  const facts = await tx.bulk.orderFacts(batch.merchantAccountId, batch.id, ns, since)
  const keys = await tx.bulk.orderKeys(batch.id, ns)
  const earlier = await tx.bulk.earlierRows(batch.id, [...new Set(keys.values())])
  const taken = new Taken(earlier.filter(({ n }) => !ns.includes(n)))
  const factsOf = new Map(facts.map((one) => [one.n, one]))
  const results = []
  for (const row of rows.toSorted((one, other) => one.n - other.n)) {
    const read = readRow(row.fields, batch.currency, rules.reasons)
    noteOwnReason(read, rules)
    const found = factsOf.get(row.n)
    const key = keys.get(row.n) ?? ''
    const asked = found === undefined ? undefined : answers.get(found.orderId)
    const rowFacts =
      found === undefined || asked === 'unknown_there'
        ? null
        : {
            ...orderRowFacts(found, rules, now),
            earlier: taken.before(key, row.n, row.fields.txnRef),
            attempt: await attemptFacts(tx, found, batch.merchantAccountId, row.fields.txnRef),
            confirmed: asked === 'confirmed',
            sameAmountBy: await sameAmountBy(tx, found, read.amountMinor, since),
          }
    const checked = checkRow(read, rowFacts, now)
    taken.add(key, row, checked)
    const { reason, note } = read
    results.push({ ...checked, n: row.n, orderId: found?.orderId ?? null, reason, note })
  }
  await tx.bulk.recordChecks(batch.id, results)
  await tx.bulk.recount(batch.id)
}

function noteOwnReason(read: ReturnType<typeof readRow>, rules: ApprovalPolicy): void {
  const reason = read.reason === null ? null : reasonOf(rules.reasons, read.reason)
  if (reason === null || read.note === null) return
  const problem = noteProblem(reason, read.note)
  if (problem !== null) read.findings.push({ level: 'error', code: 'note_required', text: problem })
}

function orderRowFacts(
  order: BulkOrderFacts,
  { limits }: ApprovalPolicy,
  now: Date,
): Omit<RowFacts, 'earlier' | 'attempt' | 'confirmed' | 'sameAmountBy'> {
  const failedUntil = order.failedAt === null ? null : new Date(order.failedAt.getTime() + FAILED_WAIT_MS)
  return {
    currency: order.currency,
    chargedMinor: order.chargedMinor,
    leftMinor: leftMinorOf(order),
    block: blockOf(order),
    disputed: order.disputed,
    chargedAt: order.chargedAt,
    waitingMinor: order.waitingMinor,
    refunds: { count: order.livingRequests, max: limits.orderRefundsMax },
    failedUntil: failedUntil !== null && failedUntil > now ? failedUntil : null,
  }
}

function blockOf(order: BulkOrderFacts): RowFacts['block'] {
  if (order.inDoubt)
    return { code: 'refund_in_doubt', text: 'We do not know yet if another refund of this order was made.' }
  const block = refundBlockOf(order)
  if (block !== null)
    return { code: block.code === 'order_not_charged' ? 'not_charged' : 'nothing_left', text: block.message }
  const unconfirmed = unconfirmedBlock(order)
  return unconfirmed === null ? null : { code: 'charge_unconfirmed', text: unconfirmed.message }
}

/** What a row's attempt allows; null where the order has one charge and the row names none. */
async function attemptFacts(
  tx: StoreTx,
  { orderId, charges }: BulkOrderFacts,
  accountId: string,
  txnRef: string,
): Promise<RowFacts['attempt']> {
  const order = txnRef === '' && charges < 2 ? null : await tx.orders.byId(accountId, orderId)
  if (order === null) return null
  const { transactions, attempts } = await readAttempts(tx, order)
  const choice = attemptChoice(order, transactions, attempts)
  const { currency } = order
  const asked = { txnRef: txnRef === '' ? null : txnRef, amountMinor: 0n, currency }
  const problem = attemptProblem(choice, attempts, asked)
  const leftMinor = attempts.find((attempt) => attempt.txnRef === txnRef)?.leftMinor ?? leftMinorOf(order)
  if (problem === null) return { problem: null, leftMinor }
  if (choice === null || problem.code !== 'attempt_needed')
    return { problem: { code: 'attempt_unknown', text: problem.message }, leftMinor }
  const names = choice.attempts.map((attempt) => attempt.txnRef).join(' or ')
  return { problem: { code: 'attempt_needed', text: `${choice.why} Name the attempt: ${names}.` }, leftMinor }
}

async function sameAmountBy(
  tx: StoreTx,
  order: BulkOrderFacts,
  amountMinor: bigint | null,
  since: Date,
): Promise<string | null> {
  if (!order.askedRecently) return null
  const recent = await tx.refundRequests.newestSince(order.orderId, amountMinor ?? leftMinorOf(order), since)
  return recent?.by ?? null
}

/** What rows of the file take of each order, those judged in this pass included. */
class Taken {
  readonly #rows = new Map<string, { n: number; amountMinor: bigint; all: boolean; txnRef: string }[]>()

  constructor(
    earlier: readonly { n: number; orderKey: string; amountMinor: bigint; all: boolean; txnRef: string }[],
  ) {
    for (const { orderKey, ...row } of earlier) this.#of(orderKey).push(row)
  }

  #of(key: string) {
    const rows = this.#rows.get(key) ?? []
    this.#rows.set(key, rows)
    return rows
  }

  before(key: string, n: number, txnRef: string): RowFacts['earlier'] {
    const rows = this.#of(key).filter((row) => row.n < n)
    const [first] = rows.toSorted((one, other) => one.n - other.n)
    if (first === undefined) return null
    return {
      firstRow: first.n,
      rows: rows.length,
      sumMinor: sumOf(rows),
      sameAttemptMinor: sumOf(rows.filter((row) => row.txnRef === txnRef)),
      // All of one attempt leaves the others.
      all: rows.some((row) => row.all && (row.txnRef === '' || txnRef === '' || row.txnRef === txnRef)),
    }
  }

  add(key: string, row: BulkRowRecord, checked: CheckedRow): void {
    if (row.dropped || checked.verdict === 'error' || checked.amountMinor === null) return
    const { n, fields } = row
    const { txnRef } = fields
    this.#of(key).push({ n, amountMinor: checked.amountMinor, all: fields.amount === '', txnRef })
  }
}

function sumOf(rows: readonly { amountMinor: bigint }[]): bigint {
  return rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
}
