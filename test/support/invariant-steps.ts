import { expect } from 'vitest'
import { CHECK_EVERY_MS } from '../../server/domain/invariant.ts'
import { checkInvariants } from '../../server/services/refunds/check-invariants.ts'
import { sendRefund } from '../../server/services/refunds/send-refund.ts'
import type { RefundWorld } from './refund-fixtures.ts'

/** Walls that stand in front of the invariants; the checker must also find what gets around them. Counting goes on. */
export const WALLS = `
  alter table orders drop constraint orders_balance_check, drop constraint orders_amounts_check;
  alter table refund drop constraint refund_sent_check, drop constraint refund_request_of_ours_check;
  alter table refund_request drop constraint refund_request_four_eyes_check, drop constraint refund_request_approval_check;
  drop index refund_own_key, refund_live_attempt_key, refund_in_flight_key;
  drop index refund_merchant_account_id_order_id_unique_request_id_key;
  alter table refund disable trigger user;
  alter table refund_stop disable trigger user;
  alter table refund_request disable trigger user;
  alter table audit_entry disable trigger user;
  alter table refund enable trigger refunds_sent_counted, enable trigger refunds_stored_as_sent_counted;
  alter table refund_request enable trigger refund_requests_made_counted, enable trigger refund_requests_changed_counted;`

/** Everything that hangs on orders goes with them. */
export const WIPE = `truncate orders, webhook_event, live_change, invariant_violation, audit_entry, refund_stop cascade;
  create unique index if not exists refund_request_merchant_account_id_client_key_key on refund_request (merchant_account_id, client_key)`

/** What the tests of the standing checker do over and over, in the world that is open when they do it. */
export function invariantSteps(open: () => RefundWorld) {
  const query = (sql: string, values: readonly unknown[] = []) =>
    open().deps.database.pool.query(sql, [...values])

  /** Runs the check as the job does a minute later. */
  async function check() {
    await open().advance(CHECK_EVERY_MS)
    const run = await checkInvariants(open().deps)
    if (run === null) throw new Error('the check was not due')
    return run
  }

  const codes = async (): Promise<string[]> => [
    ...new Set((await check()).found.map((violation) => violation.invariant)),
  ]

  /** A refund of ₹25.00 that was asked for by support, approved and sent. */
  async function sent() {
    const order = await open().chargedOrder()
    const { request } = await open().ask(order, 2_500n, { actor: open().support })
    await open().decide(request.id, 'approve')
    const [made] = await open().refunds(order.orderId)
    const refundId = made?.id ?? ''
    expect(await sendRefund(open().deps, refundId)).toBe('answered')
    return { ...order, requestId: request.id, refundId, key: made?.uniqueRequestId ?? '' }
  }

  return { query, check, codes, sent }
}
