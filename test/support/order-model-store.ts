/** Puts orders of the model into a database, with the records that belong to them. */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { searchTextOfModel, type ModelOrder } from './order-model.ts'

/** Stores the orders on an account; `mine` ones have a refund request of `userId`. Batch 1 is about ORD-1 and ORD-2. */
export async function storeModelOrders(
  pool: pg.Pool,
  accountId: string,
  userId: string,
  orders: readonly ModelOrder[],
): Promise<void> {
  const ids = new Map(orders.map((order) => [order.orderRef, randomUUID()]))
  const client = await pool.connect()
  try {
    await client.query('begin')
    // Only what the filter looks at: no statement of money, no events' bodies.
    await client.query(`set local session_replication_role = replica`)
    const insert = async (table: string, rows: Record<string, unknown>[]): Promise<void> => {
      const columns = Object.keys(rows[0] ?? {}).join(', ')
      const whole = rows.map((row) => ({ merchant_account_id: accountId, ...row }))
      await client.query(
        `insert into ${table} (merchant_account_id, ${columns})
         select merchant_account_id, ${columns} from json_populate_recordset(null::${table}, $1::json)`,
        [
          JSON.stringify(whole, (_key, value: unknown) =>
            typeof value === 'bigint' ? value.toString() : value,
          ),
        ],
      )
    }
    const idOf = ({ orderRef }: ModelOrder): string => ids.get(orderRef) ?? ''
    const each = (rowsOf: (order: ModelOrder) => Record<string, unknown>[]): Record<string, unknown>[] =>
      orders.flatMap((order) => rowsOf(order).map((row) => ({ order_id: idOf(order), ...row })))

    await insert(
      'orders',
      orders.map((order) => orderRow(order, idOf(order))),
    )
    await insert(
      'transaction',
      each((order) =>
        order.attempts.map(({ txnRef, gatewayRef, rrn }) => ({
          id: randomUUID(),
          txn_ref: txnRef,
          gateway_ref: gatewayRef,
          rrn,
          provider_status: 'CHARGED',
          payment_status: 'charged',
          stated_at: {},
          first_seen_at: order.createdAt,
        })),
      ),
    )
    await insert(
      'refund',
      each((order) =>
        order.refunds.map(({ key, ref, arn }) => ({
          id: randomUUID(),
          attempt_no: 1,
          unique_request_id: key,
          origin: 'external',
          amount_minor: 1,
          currency: order.currency,
          status: 'succeeded',
          ref,
          arn,
          sent_to_gateway: true,
          fence: 0,
          send_count: 0,
          check_count: 0,
          settled_by_people: false,
          parts: [],
          created_at: order.createdAt,
          changed_at: order.createdAt,
        })),
      ),
    )
    for (const row of each((order) => order.events.map(({ ref, failed }) => ({ ref, failed }))))
      await client.query(
        `insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers,
           remote_address, event_ref, order_id, status, next_try_at)
         values ($1, 0, $2, $3, '\\x00', '\\x00', '{}', '::1', $3, $4, $5, null)`,
        [
          randomUUID(),
          accountId,
          row['ref'],
          row['order_id'],
          row['failed'] === true ? 'failed' : 'processed',
        ],
      )
    await insert(
      'order_note',
      each((order) =>
        order.notes.map(({ text, struck }) => ({
          id: randomUUID(),
          author_id: userId,
          text,
          at: order.createdAt,
          struck_at: struck ? order.createdAt : null,
        })),
      ).map((row, i) => ({ ...row, seq: i + 1 })),
    )
    await insert(
      'order_tag',
      each((order) => order.tags.map((tag) => ({ tag, added_by: userId, added_at: order.createdAt }))),
    )
    await insert(
      'dispute',
      flagged(orders, 'dispute', idOf, (id) => ({
        id: randomUUID(),
        order_id: id,
        dispute_ref: `dp_${id}`,
        status: 'open',
        stated_at: {},
        event_id: randomUUID(),
        first_seen_at: new Date(0),
        changed_at: new Date(0),
      })),
    )
    await insert(
      'discrepancy',
      orders.map((order) => ({
        id: randomUUID(),
        order_id: idOf(order),
        kind: 'status',
        detail: 'x',
        status: order.discrepancy ? 'open' : 'resolved',
        found_at: order.createdAt,
      })),
    )
    await insert(
      'webhook_gap',
      flagged(orders, 'gap', idOf, (id) => ({
        id: randomUUID(),
        order_id: id,
        kind: 'charged',
        cause: 'juspay_late',
        status_check_id: randomUUID(),
        found_at: new Date(0),
        due_since: new Date(0),
        healed_at: new Date(0),
      })),
    )
    await insert(
      'refund_request',
      flagged(orders, 'mine', idOf, (id) => ({
        id: randomUUID(),
        order_id: id,
        client_key: randomUUID(),
        request_hash: '\\x00',
        amount_minor: 1,
        currency: 'INR',
        reason: 'other',
        status: 'withdrawn',
        policy_version: 1,
        needs_approval: false,
        policy_reason: 'x',
        approval_hash: '\\x00',
        requested_by: userId,
        requested_at: new Date(0),
        expires_at: new Date(0),
      })),
    )
    const batchId = randomUUID()
    await client.query(
      `insert into bulk_batch (id, merchant_account_id, no, request_key, status, source, name, headers, mapping, currency,
         created_by, created_at, changed_at, run_at)
       values ($1, $2, 1, $3, 'draft', 'selection', 'two', '[]', '{}', 'INR', $4, now(), now(), now())`,
      [batchId, accountId, batchId, userId],
    )
    for (const [i, ref] of ['ORD-1', 'ORD-2'].entries())
      await client.query(
        `insert into bulk_row (batch_id, n, cells, fields, order_key, order_id) values ($1, $2, '[]', '{}', lower($3), $4)`,
        [batchId, i + 1, ref, ids.get(ref)],
      )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

function flagged(
  orders: readonly ModelOrder[],
  flag: 'dispute' | 'gap' | 'mine',
  idOf: (order: ModelOrder) => string,
  row: (orderId: string) => Record<string, unknown>,
): Record<string, unknown>[] {
  return orders.filter((order) => order[flag]).map((order) => row(idOf(order)))
}

function orderRow(order: ModelOrder, id: string): Record<string, unknown> {
  return {
    id,
    order_ref: order.orderRef,
    order_ref_key: order.orderRef.toLowerCase(),
    provider_order_ref: order.providerOrderRef,
    display_status: order.displayStatus,
    payment_status: order.paymentStatus,
    provider_status: order.providerStatus,
    refund_state: 'none',
    currency: order.currency,
    gateway: order.gateway,
    method_type: order.methodType,
    method: order.method,
    card_brand: order.cardBrand,
    card_last4: order.cardLast4,
    payer_vpa: order.payerVpa,
    amount_minor: order.amountMinor,
    charged_minor: order.chargedMinor,
    reserved_minor: order.reservedMinor,
    refunded_minor: order.refundedMinor,
    external_refunded_minor: order.externalRefundedMinor,
    external_pending_minor: order.externalPendingMinor,
    excess_minor: 0,
    disputed_minor: order.disputedMinor,
    in_review: false,
    disputed: false,
    attempt_count: order.attemptCount,
    created_at: order.createdAt,
    created_at_stated: true,
    changed_at: order.changedAt,
    charged_at: order.chargedAt,
    first_seen_at: order.createdAt,
    check_count: 0,
    note_count: order.notes.filter(({ struck }) => !struck).length,
    version: 1,
    customer_ref: order.customerRef,
    customer_name: order.customerName,
    customer_email: order.customerEmail,
    customer_phone: order.customerPhone,
    error_code: order.errorCode,
    error_message: order.errorMessage,
    udf: order.udf,
    stated_at: {},
    search_text: searchTextOfModel(order),
  }
}
