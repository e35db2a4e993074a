/**
 * What batteries of refunds run against: shops (merchant accounts) that the sandbox knows, with people who can sign in,
 * on servers of their own. Several shops, because each is asked about at Juspay's pace; people come over HTTP.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client'
import { hashPassword } from 'better-auth/crypto'
import { z } from 'zod'
import { clientTransformer } from '../../client/lib/transformer.ts'
import type { Role } from '../../server/domain/permission.ts'
import { createJuspayClient, type JuspayClient } from '../../server/juspay/client.ts'
import { applyProviderOrder } from '../../server/services/orders/apply-order.ts'
import type { AccountRecord } from '../../server/store/accounts.ts'
import { connect } from '../../server/store/database.ts'
import { createStore, type Store } from '../../server/store/store.ts'
import type { AppRouter } from '../../server/trpc/router.ts'
import { signIn } from '../support/app.ts'
import { createAccount, WEBHOOK_PASSWORD } from '../support/factories.ts'
import type { SandboxProcess } from './sandbox-process.ts'
import type { ServerProcess } from './server-process.ts'
import type { Database } from './world.ts'

const PASSWORD = 'a long enough password'
/** Money acts want a sign-in that is not older than five minutes. */
const FRESH_MS = 200_000
const STALE_MS = 290_000
/** Between two sign-ins of one person. */
const SIGN_IN_PAUSE_MS = 2_000
const ORDER_MINOR = 100_000n
const READY_POLL_MS = 100

const PEOPLE = {
  finance: 'finance',
  support: 'support',
  approver: 'approver',
  second: 'approver',
  leaver: 'approver',
  admin: 'admin',
} as const satisfies Record<string, Role>

export type PersonName = keyof typeof PEOPLE

export type Person = {
  userId: string
  /** The API of server `at` as this person's page calls it, one call per request. Signs in again when that is due. */
  on(at: number): Promise<TRPCClient<AppRouter>>
  /** Forgets the session, as after it was ended. */
  forget(): void
}

export type ShopOrder = { orderId: string; orderRef: string }

export type Shop = {
  account: AccountRecord
  people: Readonly<Record<PersonName, Person>>
  /** Charged orders of ₹1,000.00 that both sides know. */
  chargedOrders(count: number): Promise<ShopOrder[]>
  /** A refund made in Juspay's portal. Returns its key, or null when Juspay refused it. */
  portalRefund(order: ShopOrder, amountMinor: bigint): Promise<string | null>
}

export type Shops = {
  store: Store
  shops: readonly Shop[]
  close(): Promise<void>
}

/** Opens `count` shops; the webhooks of each go to one server after the other. */
export async function openShops(options: {
  database: Database
  sandbox: SandboxProcess
  servers: readonly ServerProcess[]
  count: number
}): Promise<Shops> {
  const { sandbox, servers, count } = options
  const database = connect(options.database.url, { poolSize: 6 })
  const store = createStore(database)
  const passwordHash = await hashPassword(PASSWORD)
  const clients: JuspayClient[] = []
  const shops: Shop[] = []
  for (let index = 0; index < count; index += 1) {
    const merchantId = `shop${index}`
    const account = await createAccount(database, {
      slug: merchantId,
      juspayMerchantId: merchantId,
      clientId: merchantId,
      baseUrl: sandbox.url,
    })
    const server = servers[index % servers.length]
    await sandbox.control('/merchants', {
      merchantId,
      clientId: merchantId,
      apiKey: 'test-api-key',
      webhookUrl: `${server?.url}/webhooks/juspay/${merchantId}`,
      webhookUsername: 'hook',
      webhookPassword: WEBHOOK_PASSWORD,
    })
    const client = clientOf(account, sandbox)
    clients.push(client)
    const people = await addPeople(store, account, passwordHash, servers)
    shops.push({ account, people, ...deedsOf({ store, account, client, sandbox }) })
  }
  return {
    store,
    shops,
    async close() {
      await Promise.all(clients.map((client) => client.close()))
      await database.close()
    },
  }
}

function clientOf(account: AccountRecord, sandbox: SandboxProcess): JuspayClient {
  return createJuspayClient({
    baseUrl: sandbox.url,
    merchantId: account.juspayMerchantId,
    clientId: account.clientId,
    apiKey: 'test-api-key',
    apiVersion: account.apiVersion,
  })
}

async function addPeople(
  store: Store,
  account: AccountRecord,
  passwordHash: string,
  servers: readonly ServerProcess[],
): Promise<Record<PersonName, Person>> {
  const add = async (name: PersonName): Promise<Person> => {
    const [userId, email] = [randomUUID(), `${name}@${account.slug}.example.test`]
    await store.transaction(async (tx) => {
      await tx.staff.create({ userId, name: `${name} of ${account.slug}`, email, passwordHash })
      await tx.staff.setRole(account.id, userId, PEOPLE[name])
    })
    return personOf(userId, email, servers)
  }
  return {
    finance: await add('finance'),
    support: await add('support'),
    approver: await add('approver'),
    second: await add('second'),
    leaver: await add('leaver'),
    admin: await add('admin'),
  }
}

function personOf(userId: string, email: string, servers: readonly ServerProcess[]): Person {
  let session: { cookie: string; at: number } | null = null
  let coming: Promise<string> | null = null
  let triedAt = -Infinity
  const signInAt = (url: string): Promise<string> => {
    if (coming === null && performance.now() - triedAt < SIGN_IN_PAUSE_MS)
      return Promise.reject(new Error('a sign-in has just failed'))
    triedAt = performance.now()
    coming ??= signIn(url, email, PASSWORD)
      .then(({ cookie }) => {
        session = { cookie, at: performance.now() }
        return cookie
      })
      .finally(() => {
        coming = null
      })
    return coming
  }
  /** Renewed while the old one still holds: a sign-in takes longer than servers live that are killed all the time. */
  const cookieNow = async (url: string): Promise<string> => {
    const age = session === null ? Infinity : performance.now() - session.at
    if (session === null || age > STALE_MS) return signInAt(url)
    if (age > FRESH_MS) signInAt(url).catch(() => undefined)
    return session.cookie
  }
  return {
    userId,
    async on(at) {
      const { url } = servers[at % servers.length] ?? { url: '' }
      const cookie = await cookieNow(url)
      const headers = { cookie, 'sec-fetch-site': 'same-origin' }
      return createTRPCClient<AppRouter>({
        links: [httpLink({ url: `${url}/trpc`, transformer: clientTransformer, headers })],
      })
    },
    forget() {
      session = null
      triedAt = -Infinity
    },
  }
}

/** Signs everybody in, so that nobody has to while something is measured or killed. */
export async function openDoors(shops: readonly Shop[]): Promise<void> {
  for (const { people } of shops) for (const person of Object.values(people)) await person.on(0)
}

/** How a call ended: with an answer, with an expected "no" by its code, or without anybody knowing (null). */
export type Ending<T> = { ok: true; value: T } | { ok: false; code: string | null; message: string }

const wireError = z.object({ code: z.string(), refusal: z.object({ code: z.string() }).nullable() })

/** Waits for a call of the API; never throws. */
export async function ending<T>(call: Promise<T>): Promise<Ending<T>> {
  try {
    return { ok: true, value: await call }
  } catch (error) {
    if (!(error instanceof TRPCClientError)) return { ok: false, code: null, message: String(error) }
    const told = wireError.safeParse(error.data)
    const code = told.success ? (told.data.refusal?.code ?? told.data.code) : null
    return { ok: false, code, message: error.message }
  }
}

type Parts = { store: Store; account: AccountRecord; client: JuspayClient; sandbox: SandboxProcess }

function deedsOf({ store, account, client, sandbox }: Parts): Pick<Shop, 'chargedOrders' | 'portalRefund'> {
  const learn = async (orderRef: string): Promise<ShopOrder> => {
    const answer = await client.getOrder(orderRef, { routingId: orderRef })
    if (!answer.ok) throw new Error(`the sandbox does not know ${orderRef}`)
    const source = { kind: 'status_check', id: null, occurredAt: null } as const
    const applied = await store.transaction((tx) =>
      applyProviderOrder(tx, { account, order: answer.order, source, now: new Date() }),
    )
    if (applied.orderId === null) throw new Error(`${orderRef} was not stored`)
    return { orderId: applied.orderId, orderRef }
  }
  return {
    async chargedOrders(count) {
      const amount = `${ORDER_MINOR / 100n}.00`
      const asked = { merchantId: account.juspayMerchantId, amount, scenario: 'charged', repeat: count }
      const { orderIds } = await sandbox.control('/orders', asked)
      const orders: ShopOrder[] = []
      for (const orderRef of Array.isArray(orderIds) ? orderIds : [])
        orders.push(await learn(String(orderRef)))
      return orders
    },
    async portalRefund({ orderRef }, amountMinor) {
      const uniqueRequestId = `PORTAL${randomUUID().replaceAll('-', '').slice(0, 12)}`
      const call = { orderRef, uniqueRequestId, amountMinor, currency: 'INR', routingId: orderRef }
      if ((await client.refund(call)).ok) return uniqueRequestId
      // Its answer may have been lost.
      const after = await client.getOrder(orderRef, { routingId: orderRef })
      const made = after.ok && after.order.refunds.some((one) => one.uniqueRequestId === uniqueRequestId)
      return made ? uniqueRequestId : null
    },
  }
}

/** How a refund of ours is still open, in SQL: somebody of ours has to act, or Juspay has to say more. */
const OPEN = `origin = 'paydesk' and status in ('ready', 'sending', 'unknown', 'pending')`

/** A worker has a batch for two minutes; one that has had it for some seconds is taken for dead, and its batch goes on. */
export async function hurryBatches(pool: pg.Pool): Promise<void> {
  await pool.query(
    `update bulk_batch set lease_until = now() where lease_until between now() and now() + interval '112 s'`,
  )
  await pool.query(
    `update bulk_batch set next_at = now() where next_at > now() and status in ('held', 'running')`,
  )
}

/** What an approver is shown of a request or a batch, as the inbox sends it back; empty while nothing is asked. */
export async function approvalHashOf(
  pool: pg.Pool,
  table: 'refund_request' | 'bulk_batch',
  id: string,
): Promise<string> {
  const { rows } = await pool.query<{ hash: string | null }>(
    `select encode(approval_hash, 'hex') as hash from ${table} where id = $1`,
    [id],
  )
  return rows[0]?.hash ?? ''
}

/** Batches that still have rows to release. */
const OPEN_BATCH = `status in ('submitting', 'held', 'running')`

/**
 * Waits until no refund of ours and no batch is open any more.
 * @param hurry cuts waits and leases short, as a moved clock would: for runs that must be brief
 * @returns how many are still open at the end of the time, and how long it took
 */
export async function settleRefunds(
  database: Database,
  { limitMs, hurry, signal }: { limitMs: number; hurry: boolean; signal: AbortSignal },
): Promise<{ open: number; settledMs: number }> {
  const begunAt = performance.now()
  for (;;) {
    const { rows } = await database.pool.query<{ open: number }>(
      `select ((select count(*) from refund where ${OPEN})
         + (select count(*) from bulk_batch where ${OPEN_BATCH}))::int as open`,
    )
    const open = rows[0]?.open ?? 0
    const settledMs = Math.round(performance.now() - begunAt)
    if (open === 0 || settledMs > limitMs || signal.aborted) return { open, settledMs }
    if (hurry) {
      await hurryBatches(database.pool)
      await database.pool.query(
        `update refund set next_action_at = now(), lease_until = case when status = 'sending' then now() end
         where ${OPEN} and next_action_at > now() and (last_sent_at is null or last_sent_at < now() - interval '7 s')`,
      )
    }
    await wait(READY_POLL_MS)
  }
}
