import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { assert } from '../../server/domain/assert.ts'
import type { StaffActor } from '../../server/domain/actor.ts'
import { drainRefundPolls } from '../../server/jobs/poll-refunds.ts'
import { drainRefunds } from '../../server/jobs/send-refunds.ts'
import { createJuspayClient, type JuspayClient } from '../../server/juspay/client.ts'
import { manualClock, type SandboxClock } from '../../server/sandbox/clock.ts'
import { createSandbox, type Sandbox } from '../../server/sandbox/create.ts'
import { requestRefund } from '../../server/services/refunds/request-refund.ts'
import type { RefundRequestInput } from '../../server/services/refunds/reserve-refund.ts'
import { decideRefundRequest } from '../../server/services/refunds/decide-refund-request.ts'
import type { RequestedRefund } from '../../server/services/refunds/describe-request.ts'
import { applyProviderOrder } from '../../server/services/orders/apply-order.ts'
import { drainEvents } from '../../server/jobs/process-events.ts'
import type { AccountRecord } from '../../server/store/accounts.ts'
import type { RefundWork } from '../../server/store/refunds.ts'
import { credentialHash } from '../../server/webhooks/authenticate.ts'
import { webhookRoutes } from '../../server/webhooks/receive.ts'
import { createAccount, createStaff, WEBHOOK_PASSWORD } from './factories.ts'
import { buildDeps, openDatabase, type TestDeps } from './harness.ts'
import { readLedger, type LedgerLine, type LedgerReader } from './ledger.ts'
import type { LedgerRefund } from './refund-invariants.ts'

/** What whoever decides writes with it: a rejection needs words. */
export const DECISION_NOTES = { approve: null, reject: 'Not covered by the return policy' } as const

/** Later than any real clock this runs under: queues that default to the database's `now()` are due at once. */
const START = Date.parse('2040-01-05T09:00:00Z')
/** A call that is never answered is given up after this long, in real milliseconds. */
const CALL_TIMEOUT_MS = 400

/** Paydesk's refund services on a real database, talking over HTTP to a sandbox in the same process. */
export type RefundWorld = {
  deps: TestDeps
  account: AccountRecord
  sandbox: Sandbox
  client: JuspayClient
  /** Finance, who asks; approver and a second one, who decide; support, whose refunds always need approval. */
  finance: StaffActor
  support: StaffActor
  approver: StaffActor
  approver2: StaffActor
  /** A charged order that both sides know, by default of ₹100.00. */
  chargedOrder(
    amount?: string,
    scenario?: 'charged' | 'split_tender' | 'double_charge',
  ): Promise<{ orderId: string; orderRef: string }>
  /** Asks for a refund with a fresh key. */
  ask(
    order: { orderId: string },
    amountMinor: bigint,
    more?: Partial<RefundRequestInput> & { actor?: StaffActor; deps?: TestDeps },
  ): Promise<RequestedRefund>
  /** Decides with the hash that the inbox shows. */
  decide(
    requestId: string,
    decision: 'approve' | 'reject',
    actor?: StaffActor,
    deps?: TestDeps,
  ): ReturnType<typeof decideRefundRequest>
  /** Moves both clocks and lets the sandbox act. */
  advance(ms: number): Promise<void>
  /** Sends what is ready and looks at what is due, once each. */
  drain(): Promise<void>
  /** Advances step by step until nothing of ours is open any more; fails the test after a day of virtual time. */
  drainUntilSettled(orderId: string): Promise<void>
  refunds(orderId: string): Promise<RefundWork[]>
  accepted(orderRef: string): LedgerRefund[]
  acceptedAll(): LedgerRefund[]
  /** What the ledger says about one order, oldest first. */
  ledgerOf(orderRef: string): readonly LedgerLine[]
  fault(fault: Record<string, unknown>): Promise<void>
  clearFaults(): Promise<void>
  control(path: string, body: unknown): Promise<Record<string, unknown>>
  /** Amounts of the order row. */
  balance(
    orderId: string,
  ): Promise<{ charged: bigint; reserved: bigint; refunded: bigint; external: bigint; excess: bigint }>
  close(): Promise<void>
}

export type RefundWorldOptions = {
  /** Whether the sandbox's webhooks reach Paydesk. Default: not. */
  webhooks?: boolean
  /** A database of the caller's instead of one of the test run's; closed with the world. */
  opened?: Awaited<ReturnType<typeof openDatabase>>
  /** Real milliseconds after which a call to the sandbox is given up. */
  callMs?: number
}

export async function openRefundWorld(options: RefundWorldOptions = {}): Promise<RefundWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'refund-sandbox-'))
  const opened = options.opened ?? (await openDatabase())
  const { database } = opened
  const clock = manualClock(START)
  const receiver = Fastify({ forceCloseConnections: true })
  const sandbox = createSandbox({ dir, clock, webhookUrl: null })
  const address = await sandbox.listen(0)
  const account = await createAccount(database, {
    slug: 'demo',
    juspayMerchantId: 'paydeskdemo',
    clientId: 'paydeskdemo',
    baseUrl: address,
  })
  const client = createJuspayClient({
    baseUrl: address,
    merchantId: 'paydeskdemo',
    clientId: 'paydeskdemo',
    apiKey: 'sandbox-api-key',
    apiVersion: '2023-06-30',
    timeouts: { totalMs: options.callMs ?? CALL_TIMEOUT_MS },
  })
  const deps = buildDeps({ database, juspay: client, clock: clockOf(clock) })
  const staff = {
    finance: await createStaff(database, account, 'finance', 'Asha Menon'),
    support: await createStaff(database, account, 'support', 'Dev Patel'),
    approver: await createStaff(database, account, 'approver', 'Rohan Das'),
    approver2: await createStaff(database, account, 'approver', 'Priya Shah'),
  }
  const parts = { deps, account, sandbox, client, ...staff }
  const pulled = levers(parts, address, readLedger(join(dir, 'ledger.jsonl')))
  if (options.webhooks) {
    const webhookUrl = await startReceiver(receiver, deps, account)
    await pulled.control('/merchants', { merchantId: 'paydeskdemo', webhookUrl })
  }
  return {
    ...parts,
    ...deeds(parts),
    ...pulled,
    async close() {
      await client.close()
      await sandbox.close()
      await receiver.close()
      await opened.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

type Parts = Pick<RefundWorld, 'deps' | 'account' | 'sandbox' | 'client' | 'finance' | 'approver'>

function deeds({ deps, account, finance, approver }: Parts): Pick<RefundWorld, 'ask' | 'decide'> {
  return {
    ask(order, amountMinor, { actor = finance, deps: used = deps, ...more } = {}) {
      return requestRefund(used, actor, {
        orderId: order.orderId,
        version: 1,
        clientKey: randomUUID(),
        amountMinor,
        currency: 'INR',
        reason: 'item_returned',
        note: null,
        confirmSameAmount: true,
        ...more,
      })
    },
    async decide(requestId, decision, actor = approver, used = deps) {
      const shown = await deps.store.refundRequests.approval(account.id, requestId)
      assert(shown !== null, 'the request is in the inbox')
      const { approvalHash } = shown
      const note = DECISION_NOTES[decision]
      return decideRefundRequest(used, actor, { requestId, decision, note, approvalHash })
    },
  }
}

function levers(
  { deps, account, sandbox, client }: Parts,
  address: string,
  ledger: LedgerReader,
): Pick<
  RefundWorld,
  | 'chargedOrder'
  | 'advance'
  | 'drain'
  | 'drainUntilSettled'
  | 'refunds'
  | 'accepted'
  | 'acceptedAll'
  | 'ledgerOf'
  | 'fault'
  | 'clearFaults'
  | 'control'
  | 'balance'
> {
  const control: RefundWorld['control'] = async (path, body) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${address}/control${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const answer: unknown = await response.json()
    assert(
      response.ok && typeof answer === 'object' && answer !== null,
      `control ${path}: ${JSON.stringify(answer)}`,
    )
    return { ...answer }
  }
  const advance = (ms: number): Promise<void> => sandbox.control.advance(ms)
  const drain = async (): Promise<void> => {
    await drainRefunds(deps)
    await drainRefundPolls(deps)
  }
  const refunds: RefundWorld['refunds'] = async (orderId) => {
    const { rows } = await deps.database.pool.query<{ id: string }>(
      'select id from refund where order_id = $1 order by created_at, attempt_no, id',
      [orderId],
    )
    const works = await Promise.all(rows.map((row) => deps.store.refunds.work(row.id)))
    return works.filter((work) => work !== null)
  }
  return {
    control,
    advance,
    drain,
    refunds,
    fault: async (fault) => void (await control('/faults', fault)),
    clearFaults: async () => void (await fetch(`${address}/control/faults`, { method: 'DELETE' })),
    async chargedOrder(amount = '100.00', scenario = 'charged') {
      const orderRef = `ORD${randomUUID().slice(0, 8).toUpperCase()}`
      await control('/orders', { orderId: orderRef, amount, scenario, paymentMethodType: 'UPI' })
      await sandbox.control.idle() // its webhooks have been delivered and processed
      const answer = await client.getOrder(orderRef, { routingId: orderRef })
      assert(answer.ok, 'the sandbox knows the order')
      const now = deps.clock.now()
      const source = { kind: 'status_check', id: null, occurredAt: null } as const
      const applied = await deps.store.transaction((tx) =>
        applyProviderOrder(tx, { account, order: answer.order, source, now }),
      )
      assert(applied.orderId !== null, 'the order was stored')
      return { orderId: applied.orderId, orderRef }
    },
    async drainUntilSettled(orderId) {
      for (let step = 0; step < 200; step += 1) {
        await drain()
        const open = (await refunds(orderId)).filter((work) => work.nextActionAt !== null)
        if (open.length === 0) return
        await advance(7_000)
      }
      assert(false, 'refunds are still open')
    },
    accepted: (orderRef) => ledger.accepted().filter((one) => one.orderId === orderRef),
    acceptedAll: () => ledger.accepted(),
    ledgerOf: (orderRef) => ledger.ofOrder(orderRef),
    async balance(orderId) {
      const { rows } = await deps.database.pool.query<{
        charged: bigint
        reserved: bigint
        refunded: bigint
        external: bigint
        excess: bigint
      }>(
        `select charged_minor as charged, reserved_minor as reserved, refunded_minor as refunded,
           external_refunded_minor as external, excess_minor as excess from orders where id = $1`,
        [orderId],
      )
      const [row] = rows
      assert(row !== undefined, 'the order exists')
      return row
    },
  }
}

function clockOf(clock: SandboxClock) {
  return {
    now: () => new Date(clock.now()),
    advance: (ms: number) => clock.jumpTo(clock.now() + ms),
    set: (to: Date) => clock.jumpTo(to.getTime()),
  }
}

/**
 * The real receiver; every event is processed before its delivery is answered, so that tests need not wait.
 * @returns the address for the demo merchant's events
 */
async function startReceiver(
  receiver: ReturnType<typeof Fastify>,
  deps: TestDeps,
  account: AccountRecord,
): Promise<string> {
  receiver.addHook('onSend', async () => {
    await drainEvents(deps)
  })
  const username = 'demowebhook'
  const credentials = [WEBHOOK_PASSWORD, 'demo-webhook-password'].map((password) =>
    credentialHash(username, password),
  )
  const accountOf = (slug: string) =>
    slug === account.slug ? { id: account.id, slug, username, credentials } : null
  await receiver.register(webhookRoutes({ deps, accountOf }))
  const address = await receiver.listen({ host: '127.0.0.1', port: 0 })
  return `${address}/webhooks/juspay/${account.slug}`
}
