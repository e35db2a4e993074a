/** The constraints of the schema that carry the guarantees, as `prisma/migrations` states them. */
import {
  ConstraintViolated,
  type OrderRow,
  type RefundRow,
  type Schema,
  type UniqueKey,
} from './memory-database.ts'
import type { RefundRequestRecord } from '../../server/store/refund-requests.ts'

/** Names of constraints that a broken build is without, so that what they would have stopped shows. */
export type Missing = ReadonlySet<string>

const OWN_KEY = /^[A-Za-z0-9]{1,20}$/
const CLIENT_KEY_MIN = 16
const CLIENT_KEY_MAX = 64

const unchecked = (): void => undefined

/** The schema, without the constraints named in `missing`. */
export function paydeskSchema(missing: Missing): Schema {
  const holds = (name: string, condition: boolean): void => {
    if (!condition && !missing.has(name)) throw new ConstraintViolated(`violates ${name}`)
  }
  const keys = <T extends { name: string }>(all: readonly T[]): T[] =>
    all.filter(({ name }) => !missing.has(name))
  return {
    orders: {
      check: ({ order }) => checkBalance(holds, order),
      keys: keys<UniqueKey<'orders'>>([
        { name: 'orders_ref_key', of: (row) => `${row.merchantAccountId} ${row.key}` },
      ]),
    },
    refundRequests: {
      check: (row, before) => checkRequest(holds, row, before),
      keys: keys<UniqueKey<'refundRequests'>>([
        { name: 'refund_request_client_key', of: (row) => row.clientKey },
      ]),
    },
    refunds: { check: (row, before) => checkRefund(holds, row, before), keys: keys(REFUND_KEYS) },
    discrepancies: {
      check: unchecked,
      keys: keys<UniqueKey<'discrepancies'>>([
        {
          name: 'discrepancy_open_key',
          of: (row) => (row.open ? `${row.orderId} ${row.finding.kind}` : null),
        },
      ]),
    },
    buckets: { check: unchecked, keys: [] },
    staff: { check: unchecked, keys: [] },
    statusChecks: { check: unchecked, keys: [] },
    days: { check: unchecked, keys: [] },
    stops: {
      check: unchecked,
      keys: keys<UniqueKey<'stops'>>([
        {
          name: 'refund_stop_of_a_job',
          of: (row) =>
            row.setByKind === 'system' && row.liftedAt === null ? `${row.setBy} ${row.gateway}` : null,
        },
      ]),
    },
  }
}

type Holds = (name: string, condition: boolean) => void

function checkBalance(holds: Holds, order: OrderRow['order']): void {
  const { chargedMinor, reservedMinor, refundedMinor, externalRefundedMinor, excessMinor } = order
  const amounts = [chargedMinor, reservedMinor, refundedMinor, externalRefundedMinor, excessMinor]
  holds(
    'orders_amounts_check',
    amounts.every((amount) => amount >= 0n),
  )
  const { externalPendingMinor } = order
  holds(
    'orders_external_pending_check',
    externalPendingMinor >= 0n && externalPendingMinor <= externalRefundedMinor,
  )
  holds(
    'orders_balance_check',
    reservedMinor + refundedMinor + externalRefundedMinor <= chargedMinor + excessMinor,
  )
}

function checkRequest(holds: Holds, row: RefundRequestRecord, before: RefundRequestRecord | undefined): void {
  holds('refund_request_amount_check', row.amountMinor > 0n)
  holds(
    'refund_request_client_key_check',
    row.clientKey.length >= CLIENT_KEY_MIN && row.clientKey.length <= CLIENT_KEY_MAX,
  )
  holds('refund_request_four_eyes_check', row.decidedBy === null || row.decidedBy !== row.requestedBy)
  holds(
    'refund_request_approval_check',
    row.status !== 'approved' || !row.needsApproval || (row.decidedBy !== null && row.decidedAt !== null),
  )
  holds('refund_request_rejection_check', row.status !== 'rejected' || row.decidedBy !== null)
  if (before === undefined) return
  holds(
    'refund_request_frozen',
    before.orderId === row.orderId &&
      before.clientKey === row.clientKey &&
      before.requestHash.equals(row.requestHash) &&
      before.amountMinor === row.amountMinor &&
      before.currency === row.currency &&
      before.requestedBy === row.requestedBy &&
      before.approvalHash.equals(row.approvalHash),
  )
  holds('refund_request_attempt_frozen', before.txnRef === row.txnRef)
}

function checkRefund(holds: Holds, row: RefundRow, before: RefundRow | undefined): void {
  const ours = row.origin === 'paydesk'
  holds('refund_amount_check', row.amountMinor > 0n)
  holds('refund_request_of_ours_check', ours === (row.refundRequestId !== null))
  holds('refund_key_check', !ours || OWN_KEY.test(row.uniqueRequestId))
  holds(
    'refund_sent_check',
    !ours || row.status === 'ready' || row.status === 'rejected' || row.firstSentAt !== null,
  )
  if (before === undefined) return
  holds(
    'refund_frozen',
    before.orderId === row.orderId &&
      before.refundRequestId === row.refundRequestId &&
      before.attemptNo === row.attemptNo &&
      before.uniqueRequestId === row.uniqueRequestId &&
      before.currency === row.currency &&
      before.origin === row.origin &&
      (!ours || before.amountMinor === row.amountMinor),
  )
}

const SENDABLE = new Set(['ready', 'sending', 'unknown'])

const REFUND_KEYS: readonly UniqueKey<'refunds'>[] = [
  { name: 'refund_key_of_order', of: (row) => `${row.orderId} ${row.uniqueRequestId}` },
  { name: 'refund_own_key', of: (row) => (row.origin === 'paydesk' ? row.uniqueRequestId : null) },
  {
    name: 'refund_attempt_key',
    of: (row) => (row.refundRequestId === null ? null : `${row.refundRequestId} ${row.attemptNo}`),
  },
  {
    name: 'refund_live_attempt_key',
    of: (row) => (SENDABLE.has(row.status) && row.providerStatus === null ? row.refundRequestId : null),
  },
  {
    name: 'refund_in_flight_key',
    of: (row) => (row.origin === 'paydesk' && row.status === 'sending' ? row.orderId : null),
  },
]
