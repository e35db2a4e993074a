/**
 * The judge of a run: knows Juspay's ledger and what is committed, and nothing of how the product decides. Rules are
 * named after the invariants of the refund design (I1 to I12).
 */
import { LEASE_MS } from '../../server/domain/refund-answer.ts'
import type { RefundCall } from '../../server/juspay/client.ts'
import type { NewAuditEntry } from '../../server/store/audit.ts'
import type { RefundRequestRecord } from '../../server/store/refund-requests.ts'
import { judgeBalances } from './judge-balance.ts'
import { judgeCall, judgeClaim } from './judge-claims.ts'
import {
  after,
  before,
  destinationOf,
  rowsAfter,
  type Broken,
  type JudgeParts,
  type JudgeState,
} from './judge-state.ts'
import type { RefundRow, Transaction } from './memory-database.ts'
import { isDuplicate } from './provider.ts'
import type { Host } from './scheduler.ts'

export type Judge = {
  violations: Broken[]
  say: (rule: string, detail: string) => void
  committed(transaction: Transaction): void
  /** A refund call leaves the house; the answer's function ends it. */
  sent: (call: RefundCall, host: Host) => () => void
  asked: (orderRef: string, askedAt: number) => void
  /** When Juspay was last asked about an order and answered; 0 when never. */
  lastAsked(orderRef: string): number
  refused: (key: string, reason: string) => void
  accepted(orderRef: string, key: string): void
  /** A person may no longer act, from now on; null when they may again. */
  barred(userId: string, since: number | null): void
  /** The clock is about to jump while these transactions are open. */
  jumped(): void
}

/** A violation is told this many times at most: one is enough to fail. */
const TOLD_MAX = 20

export function createJudge(parts: JudgeParts): Judge {
  const { database, now } = parts
  const violations: Broken[] = []
  const state: JudgeState = {
    ...parts,
    say,
    claims: [],
    asked: new Map(),
    barred: new Map(),
    agreed: new Map(),
    refused: new Map(),
  }

  function say(rule: string, detail: string): void {
    if (violations.length < TOLD_MAX) violations.push({ rule, detail })
  }

  return {
    violations,
    say,
    committed(transaction) {
      const { refundRequests, refunds } = transaction.overlays
      if (refundRequests !== undefined)
        for (const row of refundRequests.values()) judgeRequest(state, transaction, row)
      if (refunds !== undefined) for (const row of refunds.values()) judgeRefund(state, transaction, row)
      judgeBalances(state, transaction)
    },
    sent: (call, host) => judgeCall(state, call, host),
    asked(orderRef, askedAt) {
      state.asked.set(orderRef, Math.max(askedAt, state.asked.get(orderRef) ?? 0))
    },
    refused: (key, reason) => void state.refused.set(key, reason),
    lastAsked: (orderRef) => state.asked.get(orderRef) ?? 0,
    accepted(orderRef, key) {
      const refund = parts.provider.orders.get(orderRef)?.refunds.find((one) => one.key === key)
      const row = [...database.tables.refunds.rows.values()].find((one) => one.uniqueRequestId === key)
      if (row === undefined) say('I4', `Juspay has a refund that nobody decided on: ${key}`)
      else if (row.status === 'rejected') say('books', `${key} was given up here, and then Juspay took it`)
      else if (refund !== undefined && row.amountMinor !== refund.amountMinor)
        say('I5', `${key} was asked for with ${refund.amountMinor}, decided on with ${row.amountMinor}`)
    },
    barred(userId, since) {
      if (since === null) state.barred.delete(userId)
      else state.barred.set(userId, since)
    },
    jumped() {
      for (const transaction of database.active)
        if (transaction.waiting === 0 && transaction.host.frozenUntil <= now())
          say(
            'no call inside a transaction',
            'an open transaction waits for something else than the database',
          )
    },
  }
}

const REQUEST_MOVES: Readonly<Record<string, readonly string[]>> = {
  none: ['pending_approval', 'approved'],
  pending_approval: ['approved', 'rejected', 'withdrawn', 'expired'],
  approved: ['pending_approval'],
  rejected: [],
  withdrawn: [],
  expired: [],
}

function judgeRequest(state: JudgeState, transaction: Transaction, row: RefundRequestRecord): void {
  const { database, say } = state
  const was = before(database, 'refundRequests', row.id)
  const from = was?.status ?? 'none'
  if (was === undefined)
    state.agreed.set(row.id, destinationOf(after(database, transaction, 'orders', row.orderId), row.txnRef))
  if (from === row.status) return
  const move = `request ${row.id} ${from} -> ${row.status}`
  if (!(REQUEST_MOVES[from] ?? []).includes(row.status)) say('I9', move)
  const entries = transaction.audit.filter(
    ({ outcome, subjectId, after: told }) =>
      outcome === 'done' && subjectId === row.id && statusIn(told) === row.status,
  )
  if (entries.length !== 1) say('I12', `${move} with ${entries.length} audit entries`)
  if (!noted(transaction, `refund_request:${row.id}`, row.status))
    say('I12', `${move} is not on the change log`)
  if (row.status === 'approved' && row.decidedBy === null) judgeLine(state, transaction, row)
  if (row.status === 'approved') judgeApproval(state, row, was, entries[0]?.actor)
}

/** What goes back of one order without a second person stays under the line together. */
function judgeLine(
  { database, say, approvalAboveMinor }: JudgeState,
  transaction: Transaction,
  row: RefundRequestRecord,
): void {
  const failed = new Set<string | null>()
  for (const refund of rowsAfter(database, transaction, 'refunds'))
    if (refund.status === 'failed' || refund.status === 'rejected') failed.add(refund.refundRequestId)
  let total = 0n
  for (const other of rowsAfter(database, transaction, 'refundRequests'))
    if (other.orderId === row.orderId && other.status === 'approved' && !other.needsApproval)
      if (!failed.has(other.id)) total += other.amountMinor
  if (total > approvalAboveMinor) say('I8', `${total} go back without a second person`)
}

function judgeApproval(
  { say, barred, skewMs, approvalAboveMinor }: JudgeState,
  row: RefundRequestRecord,
  was: RefundRequestRecord | undefined,
  actor: NewAuditEntry['actor'] | undefined,
): void {
  if (row.decidedBy === null) {
    if (row.needsApproval || row.amountMinor > approvalAboveMinor)
      say('I8', `request ${row.id} needs a second person and had none`)
    return
  }
  const at = row.decidedAt?.getTime() ?? 0
  if (row.decidedBy === row.requestedBy) say('I8', `request ${row.id} was decided by who asked`)
  if (actor?.kind === 'user' && actor.userId === row.requestedBy)
    say('I8', `request ${row.id} was decided by who asked, under another name`)
  if ((barred.get(row.decidedBy) ?? Infinity) + skewMs < at)
    say('I8', `request ${row.id} was decided by one who may not`)
  if (was !== undefined && was.expiresAt.getTime() <= at)
    say('I8', `request ${row.id} was decided after its end`)
}

/** Which statuses of ours may follow; what Juspay tells may come at any time and only rises. */
const OWN_MOVES: Readonly<Record<string, readonly string[]>> = {
  none: ['ready'],
  ready: ['sending', 'rejected'],
  sending: ['unknown', 'ready'],
  unknown: ['sending', 'rejected'],
}
const TOLD_RANK: Readonly<Record<string, number>> = { pending: 1, manual_review: 2, failed: 3, succeeded: 4 }

function judgeRefund(state: JudgeState, transaction: Transaction, row: RefundRow): void {
  if (row.origin !== 'paydesk') return
  const { database, say } = state
  const was = before(database, 'refunds', row.id)
  const from = was?.status ?? 'none'
  if (row.status === 'sending' && was?.fence !== row.fence) judgeClaim(state, transaction, row, was)
  if (from === row.status) return
  const move = `refund ${row.uniqueRequestId} ${from} -> ${row.status}`
  const rank = TOLD_RANK[row.status]
  if (rank === undefined) {
    if (!(OWN_MOVES[from] ?? []).includes(row.status)) say('I9', move)
    if (from === 'none') return
    if (row.status === 'rejected' && atJuspay(state, row.uniqueRequestId))
      say('books', `${move}, and Juspay has it`)
    // Both kinds of duplicate say nothing about this refund (§5.6): only another refusal may end it.
    if (row.errorCode === 'refused' && isDuplicate(state.refused.get(row.uniqueRequestId) ?? ''))
      say('books', `${move} for being called for twice`)
    if (from === 'sending') judgeEndOfClaim(state, transaction, row)
    const entries = transaction.audit.filter(
      ({ outcome, after: told }) => outcome === 'done' && tells(told, row.status),
    )
    if (entries.length !== 1) say('I12', `${move} with ${entries.length} audit entries`)
  } else {
    if (rank <= (TOLD_RANK[from] ?? 0)) say('I9', move)
    if (from === 'failed' && !workItem(state, transaction, row.orderId))
      say('I9', `${move} without a work item`)
  }
  if (!noted(transaction, `refund:${row.uniqueRequestId}`, row.status))
    say('I12', `${move} is not on the change log`)
}

function atJuspay({ provider }: JudgeState, key: string): boolean {
  for (const { refunds } of provider.orders.values())
    if (refunds.some((refund) => refund.key === key)) return true
  return false
}

/** Only who holds a claim may end it, until its lease has run out (C14). */
function judgeEndOfClaim(
  { claims, say, now, skewMs }: JudgeState,
  { host, life }: Transaction,
  row: RefundRow,
): void {
  const claim = claims.findLast(({ key }) => key === row.uniqueRequestId)
  if (claim === undefined || now() - claim.at >= LEASE_MS - skewMs) return
  if (claim.host !== host || claim.life !== life)
    say('fence', `the claim of ${row.uniqueRequestId} was ended by somebody else`)
}

/** A failure that became a success is told to a person. */
function workItem({ database }: JudgeState, transaction: Transaction, orderId: string): boolean {
  return rowsAfter(database, transaction, 'discrepancies').some(
    (item) => item.open && item.orderId === orderId && item.finding.kind === 'refund_late_success',
  )
}

function statusIn(told: unknown): unknown {
  return typeof told === 'object' && told !== null && 'status' in told ? told.status : undefined
}

/** An entry names a refund's status as its own subject's, or beside that of the request. */
function tells(told: unknown, status: string): boolean {
  if (typeof told !== 'object' || told === null) return false
  return 'refundStatus' in told ? told.refundStatus === status : statusIn(told) === status
}

function noted(transaction: Transaction, subject: string, status: string): boolean {
  return transaction.changes.some(({ changes }) =>
    changes.some(
      (change) => change.subject === subject && change.field === 'status' && change.after === status,
    ),
  )
}
