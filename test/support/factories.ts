import { randomBytes, randomUUID } from 'node:crypto'
import type { StaffActor } from '../../server/domain/actor.ts'
import type { Role } from '../../server/domain/permission.ts'
import type { AccountRecord } from '../../server/store/accounts.ts'
import type { Database } from '../../server/store/database.ts'
import { sealSecrets } from '../../server/store/sealing.ts'
import { createStore } from '../../server/store/store.ts'

/** SECRET_KEY of all tests. */
export const TEST_SECRET_KEY = new Uint8Array(32).fill(9)
export const WEBHOOK_PASSWORD = 'webhook-pass:word'

/** A merchant account; its webhook user is `hook`, its password {@link WEBHOOK_PASSWORD}. */
export async function createAccount(
  database: Database,
  overrides: Partial<AccountRecord> & { previousWebhookPassword?: string } = {},
): Promise<AccountRecord> {
  const { previousWebhookPassword = null, ...fields } = overrides
  const accounts = createStore(database).accounts
  const id = fields.id ?? randomUUID()
  await accounts.create({
    id,
    slug: `shop-${randomBytes(4).toString('hex')}`,
    name: 'Test shop',
    environment: 'sandbox',
    baseUrl: 'http://127.0.0.1:9',
    juspayMerchantId: 'testmerchant',
    clientId: 'testmerchant',
    apiVersion: '2023-06-30',
    currency: 'INR',
    webhookUsername: 'hook',
    returnPageUrl: null,
    ...fields,
    sealedSecrets: sealSecrets(TEST_SECRET_KEY, {
      apiKey: 'test-api-key',
      webhookPassword: WEBHOOK_PASSWORD,
      previousWebhookPassword,
      responseKey: 'test-response-key',
      signingKey: null,
    }),
  })
  const account = await accounts.byId(id)
  if (account === null) throw new Error('the account was not stored')
  return account
}

/** A member of staff with a role on the account, as the actor of a use case. */
export async function createStaff(
  database: Database,
  account: { id: string },
  role: Role,
  name = `${role} person`,
): Promise<StaffActor> {
  const userId = randomUUID()
  const email = `${role}-${userId.slice(0, 8)}@example.test`
  await database.pool.query('insert into staff_user (id, name, email) values ($1, $2, $3)', [
    userId,
    name,
    email,
  ])
  await database.pool.query(
    'insert into membership (merchant_account_id, user_id, role) values ($1, $2, $3)',
    [account.id, userId, role],
  )
  return { kind: 'user', userId, name, email, role, accountId: account.id, requestId: randomUUID(), ip: null }
}

/** An attempt inside an order body. */
export type BodyAttempt = {
  txnId: string
  status: string
  amount?: number
  gateway?: string
  created?: string
  errorMessage?: string
}

/** A refund inside an order body. */
export type BodyRefund = {
  key: string
  status: string
  amount: number
  ref?: string
  initiatedBy?: string
  sent?: boolean
}

/** An order as Juspay sends it (API reference §3.5). `at` is its `last_updated`. */
export function orderBody(order: {
  orderId: string
  status: string
  amount: number
  at: string
  created?: string
  attempt?: BodyAttempt
  refunds?: readonly BodyRefund[]
  extra?: Readonly<Record<string, unknown>>
}): Record<string, unknown> {
  const { attempt, refunds } = order
  return {
    id: `ordeh_${Buffer.from(order.orderId).toString('hex').padEnd(32, '0').slice(0, 32)}`,
    order_id: order.orderId,
    merchant_id: 'testmerchant',
    status: order.status,
    amount: order.amount,
    currency: 'INR',
    customer_id: `cust_${order.orderId}`,
    customer_email: 'asha@example.test',
    customer_phone: '9876543210',
    date_created: order.created ?? '2026-11-20T06:00:00Z',
    last_updated: order.at,
    ...(attempt === undefined ? {} : attemptFields(order.orderId, order.amount, attempt)),
    ...(refunds === undefined ? {} : { refunds: refunds.map(refundFields) }),
    ...order.extra,
  }
}

function attemptFields(orderId: string, amount: number, attempt: BodyAttempt): Record<string, unknown> {
  return {
    txn_id: attempt.txnId,
    txn_uuid: `eul${attempt.txnId}`,
    payment_method_type: 'CARD',
    payment_method: 'VISA',
    card: { last_four_digits: '4242', card_brand: 'VISA' },
    txn_detail: {
      txn_id: attempt.txnId,
      order_id: orderId,
      status: attempt.status,
      txn_amount: attempt.amount ?? amount,
      net_amount: attempt.amount ?? amount,
      gateway: attempt.gateway ?? 'RAZORPAY',
      created: attempt.created ?? '2026-11-20T06:01:00Z',
      ...(attempt.errorMessage === undefined
        ? {}
        : { error_code: 'E1', error_message: attempt.errorMessage }),
    },
    payment_gateway_response: { epg_txn_id: `epg_${attempt.txnId}`, rrn: '123456789012' },
  }
}

function refundFields(refund: BodyRefund): Record<string, unknown> {
  return {
    unique_request_id: refund.key,
    status: refund.status,
    amount: refund.amount,
    ref: refund.ref ?? null,
    created: '2026-11-20T07:00:00Z',
    sent_to_gateway: refund.sent ?? refund.status !== 'PENDING',
    initiated_by: refund.initiatedBy ?? 'API',
  }
}

/** A webhook body around an order (§6.3). */
export function webhookBody(event: {
  id: string
  name: string
  at: string
  order: Readonly<Record<string, unknown>>
}): Buffer {
  const { id, name, at, order } = event
  return Buffer.from(JSON.stringify({ id, date_created: at, event_name: name, content: { order } }), 'utf8')
}
