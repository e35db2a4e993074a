/** The verdict on one row of a bulk refund: what the file asks for against what the order allows. */
import type { Finding, FindingCode, ReadRow } from './bulk-row.ts'
import { formatMoney } from './money.ts'
import { orderRefundsProblem } from './refund-limit.ts'

export const VERDICTS = ['unchecked', 'ok', 'warning', 'error'] as const
export type RowVerdict = (typeof VERDICTS)[number]

/** Paid longer ago than this, the gateway may refuse. */
const PAID_LONG_AGO_DAYS = 180
const DAY_MS = 86_400_000

/** What is known of the order when a row is checked. */
export type RowFacts = {
  currency: string
  chargedMinor: bigint
  /** Charged less everything refunded, on its way or set aside; never negative. */
  leftMinor: bigint
  /** Why nothing can be asked for at all; null when something can. */
  block: {
    code: 'not_charged' | 'nothing_left' | 'charge_unconfirmed' | 'refund_in_doubt'
    text: string
  } | null
  disputed: boolean
  chargedAt: Date | null
  /** Waiting for a decision on this order. */
  waitingMinor: bigint
  /** The same amount, asked for on this order moments ago. */
  sameAmountBy: string | null
  /** A refund of this order failed so recently that it may still turn out to have been paid. */
  failedUntil: Date | null
  /** Refunds of the order that are asked for, on their way or made, and how many it may have. */
  refunds: { count: number; max: number }
  /** Earlier rows of the file for the same order; `sameAttemptMinor` of those that name the same attempt. */
  earlier: { firstRow: number; rows: number; sumMinor: bigint; sameAttemptMinor: bigint; all: boolean } | null
  /** Of a row that names an attempt, or of an order with several charges: what is wrong with it, and what it has left. */
  attempt: {
    problem: { code: 'attempt_needed' | 'attempt_unknown'; text: string } | null
    leftMinor: bigint
  } | null
  /** Whether Juspay gave an answer about the order just now. */
  confirmed: boolean
}

export type CheckedRow = {
  verdict: RowVerdict
  findings: Finding[]
  /** What would be refunded; null when that cannot be said. */
  amountMinor: bigint | null
  /** The most that can be refunded, when the row asks for more. */
  suggestedMinor: bigint | null
}

/** Checks one row. `facts` is null when the account has no such order. */
export function checkRow(row: ReadRow, facts: RowFacts | null, now: Date): CheckedRow {
  const findings = [...row.findings]
  if (facts === null) {
    if (row.findings.every(({ code }) => code !== 'order_missing' && code !== 'order_shortened'))
      findings.push(error('order_not_found', 'Order not found.'))
    return { verdict: verdictOf(findings), findings, amountMinor: row.amountMinor, suggestedMinor: null }
  }
  const left = leftOf(facts)
  const amountMinor = row.amountMinor ?? (left > 0n ? left : null)
  const more = whyNot(row, facts, left)
  findings.push(...more.findings, ...warnings(facts, now))
  return { verdict: verdictOf(findings), findings, amountMinor, suggestedMinor: more.suggestedMinor }
}

/** What earlier rows leave of the order, and of the attempt that the row names. */
function leftOf({ leftMinor, attempt, earlier }: RowFacts): bigint {
  const ofOrder = leftMinor - (earlier?.sumMinor ?? 0n)
  if (attempt === null || attempt.problem !== null) return ofOrder
  const ofAttempt = attempt.leftMinor - (earlier?.sameAttemptMinor ?? 0n)
  return ofAttempt < ofOrder ? ofAttempt : ofOrder
}

/** The worst of the findings. */
export function verdictOf(findings: readonly Finding[]): RowVerdict {
  if (findings.some(({ level }) => level === 'error')) return 'error'
  return findings.length > 0 ? 'warning' : 'ok'
}

function error(code: FindingCode, text: string): Finding {
  return { level: 'error', code, text }
}

function whyNot(
  row: ReadRow,
  facts: RowFacts,
  left: bigint,
): { findings: Finding[]; suggestedMinor: bigint | null } {
  const only = (finding: Finding) => ({ findings: [finding], suggestedMinor: null })
  if (facts.block !== null) return only(error(facts.block.code, facts.block.text))
  if (facts.failedUntil !== null)
    return only(
      error(
        'too_soon',
        'A refund of this order failed minutes ago. Wait a quarter of an hour, then check again.',
      ),
    )
  const attemptProblem = facts.attempt?.problem ?? null
  if (attemptProblem !== null) return only(error(attemptProblem.code, attemptProblem.text))
  if (left <= 0n && facts.earlier === null)
    return only(error('nothing_left', 'Nothing is left of this attempt.'))
  if (left <= 0n || (facts.earlier?.all ?? false))
    return only(
      error('nothing_left', `Row ${facts.earlier?.firstRow ?? ''} takes all that is left of this order.`),
    )
  if (facts.refunds.count + (facts.earlier?.rows ?? 0) >= facts.refunds.max)
    return only(error('too_many_refunds', orderRefundsProblem(facts.refunds.max)))
  if (row.amountMinor === null || row.amountMinor <= left) return { findings: [], suggestedMinor: null }
  const money = formatMoney({ minor: left, currency: facts.currency })
  const text =
    facts.earlier === null ? `More than the ${money} left.` : `More than the ${money} that other rows leave.`
  return { findings: [error('amount_exceeds_left', text)], suggestedMinor: left }
}

function warnings(facts: RowFacts, now: Date): Finding[] {
  const warning = (code: FindingCode, text: string): Finding => ({ level: 'warning', code, text })
  const found: Finding[] = []
  if (facts.earlier !== null)
    found.push(warning('duplicate_in_file', `Same order as row ${facts.earlier.firstRow}.`))
  if (facts.waitingMinor > 0n) {
    const money = formatMoney({ minor: facts.waitingMinor, currency: facts.currency })
    found.push(warning('refund_waiting', `${money} of this order waits for approval already.`))
  }
  if (facts.sameAmountBy !== null)
    found.push(
      warning(
        'same_amount_recently',
        `${facts.sameAmountBy} asked for the same amount on this order moments ago.`,
      ),
    )
  if (facts.disputed)
    found.push(warning('disputed', 'Order is disputed. Refunding now may pay the customer twice.'))
  const days = facts.chargedAt === null ? 0 : Math.floor((now.getTime() - facts.chargedAt.getTime()) / DAY_MS)
  if (days > PAID_LONG_AGO_DAYS)
    found.push(warning('paid_long_ago', `Paid ${days} days ago. The gateway may refuse.`))
  if (!facts.confirmed)
    found.push(
      warning(
        'not_confirmed',
        'Juspay gave no answer about this order. It is asked again before anything is sent.',
      ),
    )
  return found
}
