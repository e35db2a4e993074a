/** What an approver has to know before deciding, as lines that say how they stand. */
import type { FieldChange } from './change.ts'
import { formatMoney } from './money.ts'

/** `ok`: as it should be; `warn`: look twice; `block`: cannot be approved; `note`: a fact. */
export type CheckLevel = 'ok' | 'warn' | 'block' | 'note'
export type ApprovalCheck = { id: string; level: CheckLevel; text: string }

/** Refunds that went back or are on their way: how many and how much. */
export type Given = { count: number; minor: bigint }

export type ApprovalCheckFacts = {
  now: Date
  currency: string
  chargedMinor: bigint
  excessMinor: bigint
  /** Why the attempt it gives back no longer covers it; null when it does. */
  attemptProblem: string | null
  disputed: boolean
  unconfirmed: boolean
  lastCheckedAt: Date | null
  expiresAt: Date
  /** What was agreed to still holds: order and destination are those that the request froze. */
  agreed: boolean
  askerName: string
  /** Whether the person who asked may still ask. */
  askerMayAsk: boolean
  askerToday: Given
  /** Other refunds to this customer; null when the order names none. */
  customer: { week: Given; quarter: Given } | null
  /** Other refunds and requests of this order that are not over. */
  changes: readonly FieldChange[]
}

const MINUTE_MS = 60_000
const EXPIRES_SOON_MS = 6 * 60 * MINUTE_MS

/** The lines in the order in which one reads them: the money, what changed, the people. */
export function approvalChecks(facts: ApprovalCheckFacts): ApprovalCheck[] {
  return [
    chargedLine(facts),
    leftLine(facts),
    changedLine(facts),
    ...(facts.disputed
      ? [line('disputed', 'warn', 'The order is disputed. Refunding now may pay the customer twice.')]
      : []),
    ...customerLines(facts),
    askerLine(facts),
    ...expiryLines(facts),
  ]
}

/** The first reason why it cannot be approved; null when it can. */
export function blockOf(checks: readonly ApprovalCheck[]): string | null {
  return checks.find((check) => check.level === 'block')?.text ?? null
}

const line = (id: string, level: CheckLevel, text: string): ApprovalCheck => ({ id, level, text })

function chargedLine({ chargedMinor, unconfirmed, lastCheckedAt, now }: ApprovalCheckFacts): ApprovalCheck {
  if (chargedMinor <= 0n) return line('charged', 'block', 'Nothing is charged on this order.')
  if (unconfirmed)
    return line('charged', 'warn', 'Only webhooks say that the order is charged; Juspay is asked first.')
  if (lastCheckedAt === null) return line('charged', 'ok', 'Order is charged. Juspay is asked again first.')
  const minutes = Math.floor((now.getTime() - lastCheckedAt.getTime()) / MINUTE_MS)
  const ago = minutes < 1 ? 'less than a minute ago' : minutes < 120 ? `${minutes} min ago` : 'some time ago'
  return line('charged', 'ok', `Order is charged. Juspay said so ${ago}, and is asked again first.`)
}

function leftLine({ excessMinor, attemptProblem, currency }: ApprovalCheckFacts): ApprovalCheck {
  if (excessMinor <= 0n)
    return attemptProblem === null
      ? line('left', 'ok', 'Amount is within what is left.')
      : line('left', 'block', attemptProblem)
  const excess = formatMoney({ minor: excessMinor, currency })
  return line('left', 'block', `Refunds made elsewhere leave ${excess} less than is asked for on this order.`)
}

function changedLine({ agreed, changes }: ApprovalCheckFacts): ApprovalCheck {
  if (!agreed)
    return line(
      'changed',
      'block',
      'The order or where its money goes back to has changed since this was asked for.',
    )
  const told = changeWords(changes)
  if (told.length === 0) return line('changed', 'ok', 'Nothing changed on the order since the request.')
  return line('changed', 'warn', `Since the request: ${told.join('; ')}.`)
}

function customerLines({ customer, currency }: ApprovalCheckFacts): ApprovalCheck[] {
  if (customer === null) return [line('customer', 'note', 'The order names no customer to look up.')]
  const money = (minor: bigint) => formatMoney({ minor, currency })
  const { week, quarter } = customer
  const history = `${counted(quarter.count)} to this customer in 90 days`
  return [
    week.count === 0
      ? line('week', 'ok', 'No other refund to this customer this week.')
      : line('week', 'warn', `${counted(week.count)} to this customer this week, ${money(week.minor)}.`),
    line('quarter', 'note', quarter.count === 0 ? `${history}.` : `${history}, ${money(quarter.minor)}.`),
  ]
}

function counted(count: number): string {
  if (count === 0) return 'No other refund'
  return count === 1 ? '1 other refund' : `${count} other refunds`
}

function askerLine({ askerName, askerMayAsk, askerToday, currency }: ApprovalCheckFacts): ApprovalCheck {
  if (!askerMayAsk) return line('asker', 'block', `${askerName} can no longer request refunds.`)
  const { count, minor } = askerToday
  const sum = formatMoney({ minor, currency })
  return line(
    'asker',
    'note',
    `${askerName} asked for ${count} ${count === 1 ? 'refund' : 'refunds'} today, ${sum}.`,
  )
}

function expiryLines({ expiresAt, now }: ApprovalCheckFacts): ApprovalCheck[] {
  const leftMs = expiresAt.getTime() - now.getTime()
  if (leftMs <= 0) return [line('expiry', 'block', 'The time to decide this request has run out.')]
  if (leftMs > EXPIRES_SOON_MS) return []
  const hours = Math.floor(leftMs / (60 * MINUTE_MS))
  return [line('expiry', 'warn', hours < 1 ? 'Expires within the hour.' : `Expires in ${hours} h.`)]
}

/** Fields of an order that an approver weighs, in words. */
const WORDS: Readonly<Record<string, string>> = {
  providerStatus: 'payment status',
  displayStatus: 'status',
  chargedMinor: 'amount charged',
  disputed: 'dispute',
  gateway: 'gateway',
}
const TOLD_MAX = 3

/** "another refund: approved", "payment status: CHARGED, was PENDING_VBV"; at most three, the newest first. */
export function changeWords(changes: readonly FieldChange[]): string[] {
  const told = changes.toReversed().flatMap(({ subject, field, before, after }) => {
    const kind = subject.split(':')[0]
    if ((kind === 'refund' || kind === 'refund_request') && field === 'status')
      return [`another ${kind === 'refund' ? 'refund' : 'request'} is ${plain(after)}`]
    const word = kind === 'order' ? WORDS[field] : undefined
    if (word === undefined || field.endsWith('Minor')) return word === undefined ? [] : [`${word} changed`]
    return [`${word} is ${plain(after)}${before === null ? '' : `, was ${plain(before)}`}`]
  })
  const distinct = [...new Set(told)]
  const rest = distinct.length - TOLD_MAX
  return rest > 0 ? [...distinct.slice(0, TOLD_MAX), `${rest} more`] : distinct
}

const plain = (value: string | null) => (value === null ? 'unknown' : value.replaceAll('_', ' '))
