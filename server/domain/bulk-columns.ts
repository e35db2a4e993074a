/** Which column of an uploaded file says what. Headers are matched loosely and shown for correction. */

/** What a file can say about each refund. Only the order is needed. */
export const BULK_FIELDS = ['orderRef', 'amount', 'currency', 'reason', 'note', 'yourRef', 'txnRef'] as const

export type BulkField = (typeof BULK_FIELDS)[number]

/** The column (from 0) that holds each field; null for a field the file does not have. */
export type BulkMapping = Readonly<Record<BulkField, number | null>>

export const BULK_FIELD_LABELS: Readonly<Record<BulkField, string>> = {
  orderRef: 'Order ID',
  amount: 'Amount',
  currency: 'Currency',
  reason: 'Reason',
  note: 'Note',
  yourRef: 'Your reference',
  txnRef: 'Attempt',
}

/** The header line of the template that we offer. */
export const TEMPLATE_HEADERS = ['order_id', 'amount', 'currency', 'reason', 'note', 'your_ref'] as const

/** Headers as people write them, folded by {@link foldHeader}; the first that matches is taken. */
const ALIASES: Readonly<Record<BulkField, readonly string[]>> = {
  orderRef: [
    'orderid',
    'orderref',
    'orderreference',
    'orderno',
    'ordernumber',
    'merchantorderid',
    'order',
    'juspayorderid',
  ],
  amount: ['amount', 'refundamount', 'amounttorefund', 'amt', 'refundamt', 'amountinr', 'value', 'refund'],
  currency: ['currency', 'currencycode', 'ccy', 'cur'],
  reason: ['reason', 'refundreason', 'reasoncode'],
  note: ['note', 'notes', 'comment', 'comments', 'remark', 'remarks', 'description'],
  yourRef: [
    'yourref',
    'yourreference',
    'ref',
    'reference',
    'ticket',
    'ticketid',
    'ticketno',
    'caseid',
    'externalref',
    'externalid',
  ],
  txnRef: ['txnid', 'transactionid', 'juspaytxnid', 'attempt', 'txnref'],
}

/** A header without case, accents, spaces and signs: "Order-ID *" is "orderid". */
export function foldHeader(header: string): string {
  return header
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** The fields that the headers name; each column serves one field. */
export function matchHeaders(headers: readonly string[]): BulkMapping {
  const folded = headers.map(foldHeader)
  const taken = new Set<number>()
  const find = (field: BulkField): number | null => {
    for (const alias of ALIASES[field]) {
      const at = folded.findIndex((header, index) => header === alias && !taken.has(index))
      if (at < 0) continue
      taken.add(at)
      return at
    }
    return null
  }
  return {
    orderRef: find('orderRef'),
    amount: find('amount'),
    currency: find('currency'),
    reason: find('reason'),
    note: find('note'),
    yourRef: find('yourRef'),
    txnRef: find('txnRef'),
  }
}

/** What is wrong with a mapping, as a sentence; null when the rows can be read with it. */
export function mappingProblem(mapping: BulkMapping, columns: number): string | null {
  const used = BULK_FIELDS.map((field) => mapping[field]).filter((column) => column !== null)
  if (used.some((column) => column < 0 || column >= columns)) return 'Choose columns of this file.'
  if (new Set(used).size < used.length) return 'Choose a different column for each field.'
  return mapping.orderRef === null ? 'Choose the column that holds the order IDs.' : null
}

/** By what the same kind of file is recognised again: its headers, however they are written. */
export function headerKey(headers: readonly string[]): string {
  return JSON.stringify(headers.map(foldHeader))
}
