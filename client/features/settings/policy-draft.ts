/** The refund policy while it is being changed. */
import { formatMoney } from '../../../server/domain/money.ts'
import { ROLE_LABELS, type Role } from '../../../server/domain/permission.ts'
import { REFUND_REASONS, type RefundReason } from '../../../server/domain/refund-reason.ts'
import { moneyDraft, moneyProblem, type MoneyDraft } from '../../ui/money-draft.ts'
import type { PolicySettings } from './settings-types.ts'

export type PolicyDraft = {
  approvalAbove: MoneyDraft
  alwaysApproveRoles: readonly Role[]
  expiresAfterHours: string
  sameAmountWindowMinutes: string
  noteRequiredReasons: readonly RefundReason[]
}

export const AMOUNT_LABEL = 'Approval line'
const HOURS = { label: 'Time to decide', min: 1, max: 720, unit: 'hours' }
const MINUTES = { label: 'Same amount again', min: 0, max: 1_440, unit: 'minutes' }

export function draftOf(policy: PolicySettings, currency: string): PolicyDraft {
  return {
    approvalAbove: moneyDraft({ minor: policy.approvalAboveMinor, currency }),
    alwaysApproveRoles: policy.alwaysApproveRoles,
    expiresAfterHours: String(policy.expiresAfterHours),
    sameAmountWindowMinutes: String(policy.sameAmountWindowMinutes),
    noteRequiredReasons: policy.noteRequiredReasons,
  }
}

type Range = { label: string; min: number; max: number; unit: string }

function wholeNumber(text: string, { min, max }: Range): number | null {
  if (!/^\d{1,6}$/.test(text.trim())) return null
  const value = Number(text.trim())
  return value >= min && value <= max ? value : null
}

function rangeProblem(text: string, range: Range): string | null {
  const { label, min, max, unit } = range
  return wholeNumber(text, range) === null
    ? `${label} must be ${min} to ${max} ${unit}, as a whole number.`
    : null
}

export type PolicyProblems = Record<'amount' | 'hours' | 'minutes', string | null>

/** What is wrong with each typed field. An approval line of zero is fine: then every refund needs approval. */
export function policyProblems(draft: PolicyDraft, currency: string): PolicyProblems {
  const zero = draft.approvalAbove.minor === 0n
  return {
    amount: zero ? null : moneyProblem(draft.approvalAbove, currency, AMOUNT_LABEL),
    hours: rangeProblem(draft.expiresAfterHours, HOURS),
    minutes: rangeProblem(draft.sameAmountWindowMinutes, MINUTES),
  }
}

/** The rules the draft means; null while a field cannot be read. */
export function policyOf(draft: PolicyDraft, currency: string): Omit<PolicySettings, 'version'> | null {
  const { minor } = draft.approvalAbove
  const hours = wholeNumber(draft.expiresAfterHours, HOURS)
  const minutes = wholeNumber(draft.sameAmountWindowMinutes, MINUTES)
  if (minor === null || policyProblems(draft, currency).amount !== null || hours === null || minutes === null)
    return null
  return {
    approvalAboveMinor: minor,
    alwaysApproveRoles: [...draft.alwaysApproveRoles],
    expiresAfterHours: hours,
    sameAmountWindowMinutes: minutes,
    noteRequiredReasons: [...draft.noteRequiredReasons],
  }
}

type Rules = Omit<PolicySettings, 'version'>

/** The rules as label and words, for reading and for telling a change. */
export function policyFacts(rules: Rules, currency: string): { label: string; value: string }[] {
  const { alwaysApproveRoles, noteRequiredReasons, expiresAfterHours, sameAmountWindowMinutes } = rules
  return [
    { label: AMOUNT_LABEL, value: formatMoney({ minor: rules.approvalAboveMinor, currency }) },
    { label: 'Always approved', value: listed(alwaysApproveRoles.map((role) => ROLE_LABELS[role])) },
    { label: HOURS.label, value: counted(expiresAfterHours, 'hour') },
    { label: MINUTES.label, value: counted(sameAmountWindowMinutes, 'minute') },
    {
      label: 'Note needed for',
      // In the list's own order, so that ticking one off and on again is no change.
      value: listed(
        REFUND_REASONS.filter(({ code }) => noteRequiredReasons.includes(code)).map(({ label }) => label),
      ),
    },
  ]
}

/** What differs, as "before → after" by field. */
export function policyChanges(
  before: Rules,
  after: Rules,
  currency: string,
): { label: string; value: string }[] {
  const old = policyFacts(sorted(before), currency)
  return policyFacts(sorted(after), currency).flatMap((fact, i) => {
    const was = old[i]?.value ?? ''
    return was === fact.value ? [] : [{ label: fact.label, value: `${was} → ${fact.value}` }]
  })
}

function sorted(rules: Rules): Rules {
  return { ...rules, alwaysApproveRoles: [...rules.alwaysApproveRoles].sort() }
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? 'None' : words.join(', ')
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
