import { maskedOrNull } from './masked-text.ts'

/** One field that a message changed, as text: the unit of the timeline and of an event's effect. */
export type FieldChange = {
  /** `order`, `transaction:<txnRef>` or `refund:<uniqueRequestId>`. */
  subject: string
  field: string
  /** Null when it was empty; also for personal data, whose values never enter the change log. */
  before: string | null
  after: string | null
}

/** Fields whose values are personal: that they changed is logged, what they were is not. */
const PERSONAL = new Set(['customerName', 'customerEmail', 'customerPhone', 'payerVpa'])

/** Fields in which merchants, banks and gateways write what they like: it may repeat an address or a number. */
const PROSE = new Set(['description', 'errorMessage', 'reason'])

/** A change as it may be shown to anybody. */
export function shownChange(change: FieldChange): FieldChange {
  if (!PROSE.has(change.field)) return change
  return { ...change, before: maskedOrNull(change.before), after: maskedOrNull(change.after) }
}

/** Text of a stored value; equal values give equal text. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return JSON.stringify(value, Object.keys(value).sort())
  return typeof value === 'string' ? value : `${value as bigint | number | boolean}`
}

/** The differences between two records over `fields`; `before` null means the record is new. */
export function differences<T extends object>(
  subject: string,
  before: T | null,
  after: T,
  fields: readonly (keyof T & string)[],
): FieldChange[] {
  const changes: FieldChange[] = []
  for (const field of fields) {
    const was = before === null ? null : textOf(before[field])
    const is = textOf(after[field])
    if (was === is) continue
    const hidden = PERSONAL.has(field)
    changes.push({ subject, field, before: hidden ? null : was, after: hidden ? null : is })
  }
  return changes
}
