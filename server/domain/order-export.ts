/**
 * A file of the transactions list (design §3.18): the same filter, columns, order and zone as the screen. This part says
 * what is asked for and what stands in each cell; how the file is written is the services'.
 */
import { z } from 'zod/mini'
import { DISCREPANCY_LABELS, type DiscrepancyKind } from './discrepancy.ts'
import { gatewayLabel } from './gateway.ts'
import { isoInZone } from './indian-time.ts'
import { orderMoney, toDecimal } from './money.ts'
import { arrangeColumns, ORDER_SORTS, orderColumn, SOURCE_LABELS, type OrderSort } from './order-columns.ts'
import { methodLabel, methodName } from './payment-method.ts'
import { DISPLAY_LABELS, type DisplayStatus } from './payment-status.ts'
import { maskEmail, maskName, maskText } from './masked-text.ts'
import { leftMinorOf, refundedMinorOf } from './refund-block.ts'
import type { TimelineEntry } from './timeline-entry.ts'

/** Up to here the file is made while the person waits; beyond, a job makes it. */
export const EXPORT_AT_ONCE_MAX = 5_000
/** Rows of one file. More is refused, never cut off. */
export const EXPORT_ROWS_MAX = 2_000_000
/** A sheet holds 1,048,576 rows with its head (Excel's limit). */
export const XLSX_ROWS_MAX = 1_000_000
/** Orders that are named one by one. */
export const EXPORT_CHOSEN_MAX = 500
/** How long a file can be fetched. */
export const EXPORT_DAYS = 7
/** Files that one person has at a time, made or on their way. */
export const EXPORTS_KEPT_MAX = 20

export const EXPORT_FORMATS = ['csv', 'xlsx'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export const EXPORT_ZONES = ['IST', 'UTC'] as const
export type ExportZone = (typeof EXPORT_ZONES)[number]

const moment = z.nullable(z.iso.datetime())

/** What a person asks for. Instants are text, so that it is kept as it is. */
export const exportRequest = z.strictObject({
  what: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('list'),
      q: z.string().check(z.maxLength(2_000)),
      from: moment,
      to: moment,
      /** All that matched then: without those that came or changed since. Null: as they are when the file is made. */
      asOf: z._default(moment, null),
    }),
    z.strictObject({
      kind: z.literal('chosen'),
      orderIds: z.array(z.guid()).check(z.minLength(1), z.maxLength(EXPORT_CHOSEN_MAX)),
    }),
  ]),
  sort: z.enum(ORDER_SORTS),
  columns: z
    .array(z.string().check(z.refine((id) => orderColumn(id) !== undefined, 'names no column')))
    .check(z.minLength(1), z.maxLength(60)),
  format: z.enum(EXPORT_FORMATS),
  zone: z.enum(EXPORT_ZONES),
  /** Email and phone in full; needs order:pii. */
  personal: z.boolean(),
})

export type ExportRequest = z.infer<typeof exportRequest>

/**
 * A request as it is kept. `names`: whether whoever asked may read customers' names in full, which the server says and
 * nobody asks for. Files of before it was kept say nothing of it.
 */
export const keptExportRequest = z.extend(exportRequest, { names: z._default(z.boolean(), false) })

export type KeptExportRequest = z.infer<typeof keptExportRequest>

/** An order as a file needs it. The last fields are there when their columns are asked for, else null. */
export type ExportRow = Parameters<typeof leftMinorOf>[0] &
  Parameters<typeof refundedMinorOf>[0] & {
    orderRef: string
    createdAt: Date
    changedAt: Date
    amountMinor: bigint
    currency: string
    displayStatus: DisplayStatus
    methodType: string | null
    method: string | null
    cardBrand: string | null
    cardLast4: string | null
    gateway: string | null
    gatewayRef: string | null
    rrn: string | null
    errorMessage: string | null
    customerName: string | null
    customerEmail: string | null
    customerPhone: string | null
    udf: Readonly<Record<string, string>> | null
    source: TimelineEntry['source'] | null
    discrepancy: DiscrepancyKind | null
    tags: readonly string[] | null
  }

/** Text, a number written in decimals, an instant as a clock of its zone shows it, or nothing. */
export type ExportCell = string | { decimal: string } | { at: Date; zone: ExportZone } | null

/** A column of a file; `time` when its cells are instants. */
export type ExportField = {
  head: string
  cell: (row: ExportRow, zone: ExportZone) => ExportCell
  time?: boolean
}

/** A cell as text, which names the zone of an instant. Amounts here are never negative, so none looks like a formula. */
export function cellText(cell: ExportCell): string | null {
  if (cell === null || typeof cell === 'string') return cell
  return 'decimal' in cell ? cell.decimal : isoInZone(cell.at, cell.zone)
}

const money =
  (of: (row: ExportRow) => bigint) =>
  (row: ExportRow): ExportCell => ({ decimal: toDecimal({ minor: of(row), currency: row.currency }) })

const CURRENCY: ExportField = { head: 'Currency', cell: (row) => row.currency }
const EMAIL: ExportField = { head: 'Email', cell: (row) => row.customerEmail }
const PHONE: ExportField = { head: 'Phone', cell: (row) => row.customerPhone }

function errorOf(row: ExportRow): string | null {
  return row.displayStatus === 'failed' ? row.errorMessage : null
}

const CELLS: Readonly<Record<string, ExportField['cell']>> = {
  created: (row, zone) => ({ at: row.createdAt, zone }),
  order: (row) => row.orderRef,
  amount: (row) => {
    const known = orderMoney(row)
    return known && { decimal: toDecimal(known) }
  },
  status: (row) => DISPLAY_LABELS[row.displayStatus],
  method: (row) => methodLabel(row),
  gateway: (row) => (row.gateway === null ? null : gatewayLabel(row.gateway)),
  refunded: money(refundedMinorOf),
  refundable: money(leftMinorOf),
  gateway_ref: (row) => row.gatewayRef,
  utr: (row) => row.rrn,
  bank: (row) =>
    row.methodType?.toUpperCase() === 'NB' && row.method !== null ? methodName(row.method) : null,
  network: (row) => (row.cardBrand === null ? null : methodName(row.cardBrand)),
  updated: (row, zone) => ({ at: row.changedAt, zone }),
  source: (row) => (row.source === null ? null : SOURCE_LABELS[row.source]),
  tags: (row) => row.tags?.join(', ') || null,
  discrepancy: (row) => (row.discrepancy === null ? null : DISCREPANCY_LABELS[row.discrepancy]),
}

const TIMES: ReadonlySet<string> = new Set(['created', 'updated'])

/**
 * The fields of a file. An amount has its currency behind it, and is not followed by it twice. Without personal data
 * everything is as in the list of whoever asked: the name, in full where `names`, else the masked address (`maskEmail`),
 * and no address or number in what merchants and banks write.
 */
export function exportFields({
  columns,
  personal,
  names,
}: Pick<KeptExportRequest, 'columns' | 'personal' | 'names'>): readonly ExportField[] {
  const free = (text: string | null): string | null => (personal || text === null ? text : maskText(text))
  const name = (text: string | null): string | null => (personal || names ? text : maskName(text))
  const own: Readonly<Record<string, ExportField['cell']>> = {
    ...CELLS,
    error: (row) => free(errorOf(row)),
    customer: (row) => name(row.customerName) ?? (personal ? null : maskEmail(row.customerEmail)),
  }
  const fields = arrangeColumns(columns).flatMap((id): ExportField[] => {
    if (id === 'currency') return []
    const head = orderColumn(id)?.label ?? id
    return [
      { head, cell: own[id] ?? ((row) => free(row.udf?.[id] ?? null)), time: TIMES.has(id) },
      ...(id === 'amount' ? [CURRENCY] : []),
    ]
  })
  return personal ? [...fields, EMAIL, PHONE] : fields
}

/** "transactions_2026-11-22_1435_IST_sandbox.csv". */
export function exportFileName(
  at: Date,
  request: Pick<ExportRequest, 'zone' | 'format'>,
  environment: string,
): string {
  const local = isoInZone(at, request.zone)
  const clock = local.slice(11, 16).replace(':', '')
  return `transactions_${local.slice(0, 10)}_${clock}_${request.zone}_${environment}.${request.format}`
}

const SORT_WORDS: Readonly<Record<OrderSort, string>> = {
  created: 'Time, oldest first',
  '-created': 'Time, newest first',
  amount: 'Amount, smallest first',
  '-amount': 'Amount, largest first',
  updated: 'Updated, longest ago first',
  '-updated': 'Updated, latest first',
}

/** What a file says about itself before its rows, as label and value. */
export function exportFacts(
  request: KeptExportRequest,
  made: { asOf: Date; rows: number; sha256: string },
): [string, string][] {
  const { what, zone } = request
  const at = (text: string | null, open: string): string =>
    text === null ? open : isoInZone(new Date(text), zone)
  return [
    ['Paydesk export', 'Transactions'],
    ...(what.kind === 'list'
      ? ([
          ['Filter', what.q === '' ? 'none' : what.q],
          ['Created from', at(what.from, 'the beginning')],
          ['Created before', at(what.to, 'no end')],
          ...(what.asOf === null ? [] : [['Unchanged since', at(what.asOf, '')]]),
        ] as [string, string][])
      : ([['Filter', `${what.orderIds.length} chosen orders`]] as [string, string][])),
    ['Sorted by', SORT_WORDS[request.sort]],
    ['As of', isoInZone(made.asOf, zone)],
    ['Time zone', zone === 'IST' ? 'IST (Asia/Kolkata)' : 'UTC'],
    ['Personal data', personalWords(request)],
    ['Rows', String(made.rows)],
    ['SHA-256 of the rows', made.sha256],
  ]
}

function personalWords({ personal, names }: KeptExportRequest): string {
  if (personal) return 'in full'
  return names ? 'masked, except names' : 'masked'
}
