/** Paydesk's services on a durable database, with a sandbox that answers as Juspay behind a proxy that can be made to fail. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPaydesk } from '../../server/compose.ts'
import { drainEvents } from '../../server/jobs/process-events.ts'
import { createJuspayClient, type JuspayClient } from '../../server/juspay/client.ts'
import { createLog } from '../../server/log.ts'
import { manualClock } from '../../server/sandbox/clock.ts'
import { createSandbox } from '../../server/sandbox/create.ts'
import type { Deps } from '../../server/services/deps.ts'
import { connect } from '../../server/store/database.ts'
import { readEnvelope } from '../../server/webhooks/envelope.ts'
import { createAccount, orderBody, TEST_SECRET_KEY, webhookBody } from '../support/factories.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import type { Run } from './battery.ts'
import type { Database } from './world.ts'

const MERCHANT = 'paydeskdemo'
const API_KEY = 'sandbox-api-key'
/** A call that is never answered is given up after this long. */
const CALL_MS = { short: 400, long: 1_200 }
const AMOUNT = 499

export type ProviderWorld = {
  deps: Deps
  database: Database
  accountId: string
  proxy: FaultProxy
  /** Orders that Paydesk holds for open and Juspay has charged since, without a webhook. Returns their references. */
  openOrders(count: number): Promise<string[]>
  /** Moves the clock of both. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

export async function openProviderWorld(run: Run): Promise<ProviderWorld> {
  const undo: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    return { ...(await build(run, undo)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function build(run: Run, undo: (() => Promise<void>)[]): Promise<Omit<ProviderWorld, 'close'>> {
  const database = await run.ground.newDatabase()
  undo.push(() => database.close())
  const dir = mkdtempSync(join(tmpdir(), 'paydesk-faults-sandbox-'))
  undo.push(async () => rmSync(dir, { recursive: true, force: true }))
  const clock = manualClock(Date.now())
  const sandbox = createSandbox({ dir, clock, webhookUrl: null })
  undo.push(() => sandbox.close())
  const address = await sandbox.listen(0)
  const proxy = await startFaultProxy({ port: Number(new URL(address).port) })
  undo.push(() => proxy.close())
  const baseUrl = new URL(proxy.through(address)).origin
  const accountId = await addAccount(database.url, baseUrl)
  const real = createJuspayClient({
    baseUrl,
    merchantId: MERCHANT,
    clientId: MERCHANT,
    apiKey: API_KEY,
    apiVersion: '2023-06-30',
    timeouts: { totalMs: CALL_MS[run.tier] },
  })
  undo.push(() => real.close())
  const paydesk = await createPaydesk({
    env: PAYDESK_ENV,
    databaseUrl: database.url,
    log: createLog('silent'),
    sandbox: null,
    demo: null,
    clock: { now: () => new Date(clock.now()) },
  })
  undo.push(() => paydesk.close())
  const client = run.entry !== 'real' ? takingSilenceForFailure(real) : real
  const deps: Deps = { ...paydesk.deps, juspay: () => Promise.resolve(client) }
  return {
    deps,
    database,
    accountId,
    proxy,
    openOrders: async (count) => {
      const refs = Array.from({ length: count }, () => `N${randomUUID().slice(0, 12)}`)
      for (const orderId of refs) {
        await control(address, '/orders', { orderId, amount: `${AMOUNT}.00`, scenario: 'charged' })
        await hear(deps, accountId, orderId)
      }
      await sandbox.control.idle()
      await drainEvents(deps)
      return refs
    },
    advance: (ms) => sandbox.control.advance(ms),
  }
}

const PAYDESK_ENV = {
  mode: 'serve',
  publicUrl: 'http://127.0.0.1:9',
  webhookRetentionDays: 3_650,
  trustProxy: false,
  metricsToken: null,
  secretKey: TEST_SECRET_KEY,
} as const

async function addAccount(databaseUrl: string, baseUrl: string): Promise<string> {
  const database = connect(databaseUrl, { poolSize: 1 })
  const account = await createAccount(database, {
    slug: 'provider',
    juspayMerchantId: MERCHANT,
    clientId: MERCHANT,
    baseUrl,
  })
  await database.close()
  return account.id
}

/** The only webhook of an order: it was begun. */
async function hear(deps: Deps, accountId: string, orderId: string): Promise<void> {
  const at = deps.clock.now().toISOString()
  const attempt = { txnId: `${MERCHANT}-${orderId}-1`, status: 'PENDING_VBV' }
  const told = { orderId, status: 'PENDING_VBV', amount: AMOUNT, at, created: at, attempt }
  const order = orderBody({ ...told, extra: { merchant_id: MERCHANT } })
  const body = webhookBody({ id: `evt_V2_${orderId}`, name: 'TXN_CREATED', at, order })
  await deps.store.intake.storeMany([
    {
      ...readEnvelope(body),
      accountId,
      body,
      headers: {},
      remoteAddress: '127.0.0.1',
      receivedAt: deps.clock.now(),
    },
  ])
}

async function control(address: string, path: string, body: unknown): Promise<void> {
  const reply = await fetch(`${address}/control${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!reply.ok) throw new Error(`the sandbox refused ${path}: ${await reply.text()}`)
  await reply.body?.cancel()
}

/** The mistake the battery has to find: no answer is read as "Juspay has no such order". */
function takingSilenceForFailure(client: JuspayClient): JuspayClient {
  return {
    ...client,
    async getOrder(orderRef, options) {
      const answer = await client.getOrder(orderRef, options)
      if (answer.ok || answer.error.kind === 'rejected') return answer
      return {
        ...answer,
        error: {
          kind: 'rejected',
          reason: 'not_found',
          httpStatus: 404,
          code: null,
          message: null,
          statusId: 40,
          providerRequestId: null,
        },
      }
    },
  }
}
