import type { StaffActor } from '../../domain/actor.ts'
import { expiryFrom, type ApprovalPolicy, type VersionedPolicy } from '../../domain/approval-policy.ts'
import { batchName } from '../../domain/batch-words.ts'
import { bulkCan, bulkStatesFor } from '../../domain/bulk-batch.ts'
import { formatMoney, parseTyped, toDecimal } from '../../domain/money.ts'
import { deniedReason } from '../../domain/permission.ts'
import { limitProblem } from '../../domain/refund-limit.ts'
import { cleanNote, noteProblem, reasonOf } from '../../domain/refund-reason.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { approversFor, mayNow } from '../refunds/refund-facts.ts'
import { limitToday } from '../refunds/refund-limits.ts'
import { demandBatch, lockBatch, noteDeed } from './bulk-facts.ts'

export type SubmitInput = {
  batchId: string
  /** The total as the person typed it. */
  typedTotal: string
  /** For rows that name none themselves. */
  reason: string
  note: string | null
  /** The person was told that the same file was sent for approval before, and means a second time. */
  confirmSameFile: boolean
}

/**
 * Sends a checked batch for approval: from now on its rows are fixed, and a worker sets their amounts aside one by one.
 * @throws Refusal not_found, conflict, invalid_input, confirmation_needed, note_required, limit_exceeded,
 *   permission_denied
 */
export async function submitBatch(
  deps: Pick<Deps, 'store' | 'clock' | 'wake'>,
  actor: StaffActor,
  input: SubmitInput,
): Promise<BulkBatchRecord> {
  const { accountId, userId } = actor
  const act = 'submit'
  const batch = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    const before = await lockBatch(tx, accountId, input.batchId, {
      act,
      can: ({ status }) => bulkCan(act, status),
    })
    if ((await mayNow(tx, accountId, userId, 'refund:request')) === null)
      throw new Refusal('permission_denied', deniedReason(actor.role, 'refund:request'))
    checkRowsDone(before)
    const total = await checkTotal(tx, before, input.typedTotal)
    await checkSameFile(tx, before, input.confirmSameFile)
    const policy = await tx.refundPolicies.current(accountId)
    const { reason, note } = await checkReasons(tx, before, input, policy)
    const problem = await batchLimitProblem(tx, policy.rules, actor, {
      batch: before,
      amountMinor: total.amountMinor,
      now,
    })
    if (problem !== null) throw new Refusal('limit_exceeded', problem, OVER_LIMIT_HINT)
    if ((await approversFor(tx, accountId, userId)).length === 0)
      throw new Refusal('limit_exceeded', 'Nobody else here can approve refunds.')
    await tx.bulk.move(accountId, before.id, {
      from: bulkStatesFor(act),
      to: 'submitting',
      now,
      nextAt: now,
      set: {
        reason,
        note,
        submittedBy: userId,
        submittedAt: now,
        expiresAt: expiryFrom(policy.rules, now),
        policyVersion: policy.version,
        runAt: now,
        runDone: 0,
        remark: null,
      },
    })
    await noteDeed(tx, actor, {
      action: 'submit',
      batchId: before.id,
      reason: note,
      after: { rows: total.rows, amountMinor: total.amountMinor, currency: before.currency, reason },
    })
    return demandBatch(tx, accountId, before.id)
  })
  deps.wake('bulk')
  deps.wake('live')
  return batch
}

function checkRowsDone(batch: BulkBatchRecord): void {
  if (batch.uncheckedRows > 0) throw new Refusal('conflict', 'Some rows are not checked yet.')
  if (batch.errorRows > 0)
    throw new Refusal('conflict', `${rowsText(batch.errorRows)} must be fixed or dropped first.`)
  const unticked = batch.warningRows - batch.acceptedRows
  if (unticked > 0)
    throw new Refusal('conflict', `${rowsText(unticked)} with a warning must be kept or dropped first.`)
}

function rowsText(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en-IN')} rows`
}

async function checkTotal(
  tx: StoreTx,
  { id, currency }: BulkBatchRecord,
  typed: string,
): Promise<{ rows: number; amountMinor: bigint }> {
  const total = await tx.bulk.totals(id)
  if (total.rows === 0) throw new Refusal('conflict', 'No row of this batch can be refunded.')
  const parsed = parseTyped(typed, currency)
  const money = { minor: total.amountMinor, currency }
  if (!parsed.ok || parsed.minor !== total.amountMinor)
    throw new Refusal(
      'confirmation_needed',
      `Type the total to continue: ${toDecimal(money)}.`,
      `${rowsText(total.rows)} add up to ${formatMoney(money)}.`,
    )
  return total
}

async function checkSameFile(tx: StoreTx, batch: BulkBatchRecord, confirmed: boolean): Promise<void> {
  if (confirmed || batch.fileHash === null) return
  const same = await tx.bulk.sameFile(batch.merchantAccountId, batch.fileHash, batch.id)
  if (same === null) return
  throw new Refusal(
    'confirmation_needed',
    `This file was sent for approval before as ${batchName(same.no)}.`,
    'Confirm that these refunds are to be made a second time.',
  )
}

const OVER_LIMIT_HINT = 'Drop rows, ask an admin, or send it tomorrow.'

/** Why all of a batch does not fit into today's limits of who sends it; null when it does. Each row is held to them again. */
export async function batchLimitProblem(
  tx: Pick<StoreTx, 'refundDays' | 'accounts'>,
  rules: ApprovalPolicy,
  person: StaffActor,
  { batch, amountMinor, now }: { batch: BulkBatchRecord; amountMinor: bigint; now: Date },
): Promise<string | null> {
  const left = await limitToday(tx, rules, person, { currency: batch.currency, now })
  return limitProblem(left, amountMinor, batch.currency)
}

/** The reason and the note for all, and that every row has what its own reason asks for. */
async function checkReasons(
  tx: StoreTx,
  batch: BulkBatchRecord,
  input: SubmitInput,
  { rules }: VersionedPolicy,
): Promise<{ reason: string; note: string | null }> {
  const reason = reasonOf(rules.reasons, input.reason)
  if (reason === null) throw new Refusal('invalid_input', 'Choose a reason from the list.')
  const note = cleanNote(input.note)
  const groups = await tx.bulk.reasons(batch.id)
  for (const group of groups) {
    const effective = group.reason === null ? reason : (reasonOf(rules.reasons, group.reason) ?? reason)
    const problem = group.noNote ? noteProblem(effective, note) : null
    if (problem !== null) throw new Refusal('note_required', problem)
    const { label, noteMinLength } = effective
    if (group.shortest !== null && group.shortest < noteMinLength)
      throw new Refusal(
        'note_required',
        `A row with the reason ${label} has a note of less than ${noteMinLength} characters.`,
      )
  }
  return { reason: reason.code, note }
}
