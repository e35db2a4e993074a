/** One row of a bulk refund as its author wrote it, and what it asks for. */
import { BULK_FIELDS, foldHeader, type BulkField, type BulkMapping } from './bulk-columns.ts'
import { AMOUNT_MINOR_MAX, parseTyped } from './money.ts'
import { defaultReasons, NOTE_MAX_LENGTH, type ReasonRule } from './refund-reason.ts'

/** Rows of one batch. */
export const BULK_ROWS_MAX = 10_000
/** Bytes of one file. */
export const BULK_FILE_MAX = 5 * 1024 * 1024
/** Columns of one file. */
export const BULK_COLUMNS_MAX = 100
/** Characters of one cell that are kept. */
export const BULK_CELL_MAX = 2_000
/** Orders that can be chosen from a list; more go through a file (design §3.6). */
export const BULK_SELECTION_MAX = 500

const ORDER_REF_MAX = 200

/** The cells that mean something, as text, after corrections. */
export type BulkValues = Readonly<Record<BulkField, string>>

export const FINDING_CODES = [
  'order_missing',
  'order_shortened',
  'amount_unreadable',
  'currency_unreadable',
  'reason_unknown',
  'note_too_long',
  'order_not_found',
  'not_charged',
  'nothing_left',
  'amount_exceeds_left',
  'too_many_refunds',
  'attempt_needed',
  'attempt_unknown',
  'currency_differs',
  'charge_unconfirmed',
  'refund_in_doubt',
  'too_soon',
  'note_required',
  'refused',
  'duplicate_in_file',
  'refund_waiting',
  'same_amount_recently',
  'disputed',
  'paid_long_ago',
  'not_confirmed',
] as const

export type FindingCode = (typeof FINDING_CODES)[number]

/** Something about a row: an error must be fixed or the row dropped, a warning needs a tick. */
export type Finding = { level: 'error' | 'warning'; code: FindingCode; text: string }

/** What a row asks for. */
export type ReadRow = {
  orderRef: string
  /** Null: all that is left. */
  amountMinor: bigint | null
  /** Null: whatever the batch says. */
  reason: string | null
  note: string | null
  findings: Finding[]
}

/** The cells of one row that the mapping names, trimmed. */
export function valuesOf(cells: readonly string[], mapping: BulkMapping): BulkValues {
  const cell = (field: BulkField): string => {
    const column = mapping[field]
    return column === null ? '' : (cells[column] ?? '').trim()
  }
  return {
    orderRef: cell('orderRef'),
    amount: cell('amount'),
    currency: cell('currency'),
    reason: cell('reason'),
    note: cell('note'),
    yourRef: cell('yourRef'),
    txnRef: cell('txnRef'),
  }
}

/** Whether nothing of what the mapping names is said; such rows are passed over. */
export function saysNothing(values: BulkValues): boolean {
  return BULK_FIELDS.every((field) => values[field] === '')
}

/**
 * Reads one row. What cannot be read is said in a finding and never guessed.
 * @param currency of the batch: a row that names another one is an error
 */
export function readRow(
  values: BulkValues,
  currency: string,
  reasons: readonly ReasonRule[] = defaultReasons(),
): ReadRow {
  const findings: Finding[] = []
  const error = (code: FindingCode, text: string): void => void findings.push({ level: 'error', code, text })
  const orderProblem = problemOfOrder(values.orderRef)
  if (orderProblem !== null) findings.push(orderProblem)
  const amount = readAmount(values.amount, currency)
  if (!amount.ok) error('amount_unreadable', amount.message)
  if (values.currency !== '' && values.currency.toUpperCase() !== currency)
    error('currency_unreadable', `This batch is in ${currency}, not ${values.currency}.`)
  const reason = values.reason === '' ? null : readReason(values.reason, reasons)
  if (values.reason !== '' && reason === null)
    error('reason_unknown', `"${values.reason}" is not one of the reasons.`)
  if (values.note.length > NOTE_MAX_LENGTH)
    error('note_too_long', `Note must be ${NOTE_MAX_LENGTH} characters or less.`)
  return {
    orderRef: values.orderRef,
    amountMinor: amount.ok ? amount.minor : null,
    reason,
    note: values.note === '' ? null : values.note,
    findings,
  }
}

/** Digits that a spreadsheet has shortened: the rest of the ID is lost. */
const SHORTENED = /^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$/

function problemOfOrder(orderRef: string): Finding | null {
  if (orderRef === '') return { level: 'error', code: 'order_missing', text: 'This row names no order.' }
  if (orderRef.length > ORDER_REF_MAX)
    return { level: 'error', code: 'order_missing', text: 'This is too long for an order ID.' }
  if (!SHORTENED.test(orderRef)) return null
  return {
    level: 'error',
    code: 'order_shortened',
    text:
      `The spreadsheet shortened this order ID to ${orderRef}, so its digits are lost. ` +
      'Format the column as text and upload again, or type the ID here.',
  }
}

/** Groups of three, or of two and then three as in India. A comma anywhere else may stand for a decimal point. */
const GROUPED = /^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?$/

type ReadAmount = { ok: true; minor: bigint | null } | { ok: false; message: string }

/** An amount as a cell holds it; blank means all that is left. */
export function readAmount(text: string, currency: string): ReadAmount {
  if (text.trim() === '') return { ok: true, minor: null }
  const bare = text.replace(/^(?:INR|Rs\.?|₹)\s*/i, '').trim()
  if (bare.startsWith('-') || bare.startsWith('−'))
    return { ok: false, message: 'Amount must be more than zero.' }
  if (bare.includes(',') && !GROUPED.test(bare.replace(/\s/g, '')))
    return { ok: false, message: 'Write amounts like 1,250.00 or 1250.00.' }
  const parsed = parseTyped(bare, currency)
  if (!parsed.ok) return parsed
  if (parsed.minor === 0n) return { ok: false, message: 'Amount must be more than zero.' }
  return parsed.minor > AMOUNT_MINOR_MAX ? { ok: false, message: 'That is more than any order.' } : parsed
}

/** A reason that is offered, by its code or its label, however it is written. */
export function readReason(text: string, reasons: readonly ReasonRule[] = defaultReasons()): string | null {
  const folded = foldHeader(text)
  const found = reasons.find(
    ({ code, label, active }) => active && (foldHeader(code) === folded || foldHeader(label) === folded),
  )
  return found?.code ?? null
}
