/**
 * T8's model of one order: what people asked and decided, what the portal took, and what each act may answer. It knows
 * the rules of the desk, not its code; the database and the sandbox's ledger must agree with it after every command.
 */
import type { RefundWorld } from '../support/refund-fixtures.ts'

export const CHARGED_MINOR = 10_000n
export const REQUEST_LIFE_MS = 48 * 3_600_000

export type ModelStatus = 'pending_approval' | 'approved' | 'rejected' | 'withdrawn' | 'expired'
export type Requester = 'finance' | 'support'
export type Approver = 'approver' | 'approver2'

export type ModelRequest = {
  id: string
  clientKey: string
  by: Requester
  amountMinor: bigint
  status: ModelStatus
  decidedBy: Approver | null
  expiresAt: number
  /** Of a row of a batch; until it was released once, it is decided with the batch. */
  batch: { id: string; released: boolean } | null
}

/** A batch of one row about the order. Finance makes it and sends it for approval. */
export type ModelBatch = {
  id: string
  amountMinor: bigint
  sent: boolean
  approvedBy: Approver | null
  /** Rejected, cancelled or stopped: nothing of it may be set aside or released any more. */
  over: boolean
}

export type Model = {
  batches: ModelBatch[]
  requests: ModelRequest[]
  /** Keys of refunds made in the portal. */
  portal: Set<string>
  /** Who may do nothing at the moment. */
  barred: Set<Requester | Approver>
  /** The stop in force: nothing may leave. */
  stopId: string | null
}

export type Real = {
  world: RefundWorld
  deps: RefundWorld['deps']
  order: { orderId: string; orderRef: string }
  commands: { run: number }
}

type Stored = {
  requests: {
    id: string
    status: ModelStatus
    amount: bigint
    by: string
    decider: string | null
    batch: string | null
    key: string
  }[]
  refunds: {
    request: string | null
    key: string
    status: string
    origin: string
    amount: bigint
    sent: boolean
  }[]
  balance: { charged: bigint; reserved: bigint; refunded: bigint; external: bigint; excess: bigint }
}

export async function readStored({ world, order }: Real): Promise<Stored> {
  const { pool } = world.deps.database
  const requests = await pool.query<Stored['requests'][number]>(
    `select id, status, amount_minor as amount, requested_by as by, decided_by as decider, batch_id as batch,
       client_key as key
     from refund_request where order_id = $1`,
    [order.orderId],
  )
  const refunds = await pool.query<Stored['refunds'][number]>(
    `select refund_request_id as request, unique_request_id as key, status, origin, amount_minor as amount,
       first_sent_at is not null as sent from refund where order_id = $1`,
    [order.orderId],
  )
  return { requests: requests.rows, refunds: refunds.rows, balance: await world.balance(order.orderId) }
}

/** Last word of the ledger about each refund of the order: its amount and status. */
export function ledgerOf({ world, order }: Real): Map<string, { amount: bigint; status: string }> {
  const told = new Map<string, { amount: bigint; status: string }>()
  for (const line of world.ledgerOf(order.orderRef)) {
    const key = String(line['uniqueRequestId'])
    const minor = line['amountMinor']
    const amount = typeof minor === 'string' ? BigInt(minor) : 0n
    if (line.kind === 'refund_accepted') told.set(key, { amount, status: 'PENDING' })
    else if (line.kind === 'refund_state') told.set(key, { amount, status: String(line['status']) })
  }
  return told
}

const GONE = new Set(['failed', 'rejected'])
const BOOKED: Readonly<Record<string, string>> = { succeeded: 'SUCCESS', failed: 'FAILURE' }

/** What is left to ask for by the model's own sum; below zero by as much as was returned elsewhere on top. */
export function leftOf(model: Model, stored: Stored): bigint {
  let left = CHARGED_MINOR
  for (const request of model.requests) {
    const refunds = stored.refunds.filter((refund) => refund.request === request.id)
    const alive = request.status === 'approved' && refunds.some((refund) => !GONE.has(refund.status))
    if (request.status === 'pending_approval' || alive) left -= request.amountMinor
  }
  for (const refund of stored.refunds)
    if (refund.origin !== 'paydesk' && !GONE.has(refund.status)) left -= refund.amount
  return left
}

/** Whether the approval of a request may have been taken back before it was sent: a reason that the model knows. */
function mayReturn(model: Model, request: ModelRequest, stored: Stored, now: number): boolean {
  const asker = model.barred.has(request.by)
  const decider = request.decidedBy !== null && model.barred.has(request.decidedBy)
  return asker || decider || request.expiresAt <= now || stored.balance.excess > 0n
}

type StoredRequest = Stored['requests'][number]

/** A worker set the row of a batch aside: one that was sent, once, with its amount, and for somebody to decide. */
function adopt(model: Model, row: StoredRequest, now: number): void {
  const batch = model.batches.find(({ id }) => id === row.batch)
  if (batch === undefined) throw new Error(`request ${row.id} was asked for by nobody`)
  if (!batch.sent || batch.over) throw new Error(`batch ${batch.id} set aside what it may not`)
  if (model.requests.some((one) => one.batch?.id === batch.id))
    throw new Error(`batch ${batch.id} has two requests for one row`)
  if (row.amount !== batch.amountMinor) throw new Error(`batch ${batch.id} asked for another amount`)
  // Withdrawn already where the batch was cancelled in the same turn, as one that nobody decided in time.
  const { status } = row
  if (status !== 'pending_approval' && status !== 'withdrawn')
    throw new Error(`request ${row.id} of a batch began as ${status}`)
  model.requests.push({
    id: row.id,
    clientKey: row.key,
    by: 'finance',
    amountMinor: row.amount,
    status,
    decidedBy: null,
    expiresAt: now + REQUEST_LIFE_MS,
    batch: { id: batch.id, released: false },
  })
}

/** What a worker made of a batch's request: released with the approval of the batch, or given back for some reason. */
function follow(
  model: Model,
  request: ModelRequest,
  { row, now }: { row: StoredRequest; now: number },
): void {
  const batch = model.batches.find(({ id }) => id === request.batch?.id)
  if (batch === undefined || request.batch === null || request.batch.released) return
  if (request.status !== 'pending_approval') return
  if (row.status === 'withdrawn') request.status = 'withdrawn'
  if (row.status !== 'approved') return
  const { approvedBy } = batch
  if (approvedBy === null || batch.over) throw new Error(`request ${row.id} was released without an approval`)
  if (model.barred.has(approvedBy) || model.barred.has('finance'))
    throw new Error(`request ${row.id} was released in the name of somebody who may not`)
  request.status = 'approved'
  request.decidedBy = approvedBy
  request.expiresAt = now + REQUEST_LIFE_MS
  request.batch.released = true
}

/** Compares model, database and ledger; throws at the first difference. */
export async function agree(model: Model, real: Real): Promise<Stored> {
  const stored = await readStored(real)
  const ledger = ledgerOf(real)
  const now = real.world.deps.clock.now().getTime()
  for (const row of stored.requests) {
    const known = model.requests.find(({ id }) => id === row.id)
    if (known === undefined) adopt(model, row, now)
    else if (known.batch !== null) follow(model, known, { row, now })
  }
  if (stored.requests.length !== model.requests.length)
    throw new Error(`${stored.requests.length} requests are stored, not ${model.requests.length}`)
  for (const request of model.requests) {
    const row = stored.requests.find(({ id }) => id === request.id)
    if (row === undefined) throw new Error(`request ${request.id} is not stored`)
    if (row.amount !== request.amountMinor) throw new Error(`request ${request.id} has another amount`)
    if (row.status === request.status) continue
    const returned = request.status === 'approved' && row.status === 'pending_approval'
    if (!returned || !mayReturn(model, request, stored, now))
      throw new Error(`request ${request.id} is ${row.status}, not ${request.status}`)
    request.status = 'pending_approval'
    request.decidedBy = null
    request.expiresAt = now + REQUEST_LIFE_MS
  }
  agreeRefunds(model, stored, ledger)
  const left = leftOf(model, stored)
  const { charged, reserved, refunded, external, excess } = stored.balance
  if (charged - reserved - refunded - external !== left)
    throw new Error(`${charged - reserved - refunded - external} is left in the books, not ${left}`)
  if (excess !== (left < 0n ? -left : 0n)) throw new Error(`the excess is ${excess} with ${left} left`)
  return stored
}

function agreeRefunds(model: Model, stored: Stored, ledger: ReturnType<typeof ledgerOf>): void {
  const paid = new Set<string>()
  const foreign = stored.refunds.find(({ key, origin }) => origin !== 'paydesk' && !model.portal.has(key))
  if (foreign !== undefined) throw new Error(`${foreign.key} is a refund that nobody made`)
  for (const { key, request, status, origin, amount, sent } of stored.refunds) {
    const told = ledger.get(key)
    if (told !== undefined && told.amount !== amount) throw new Error(`${key} has another amount at Juspay`)
    if (told !== undefined && !sent && origin === 'paydesk')
      throw new Error(`${key} left before it was claimed`)
    if (told === undefined && (BOOKED[status] !== undefined || status === 'pending'))
      throw new Error(`${key} is ${status} here and not at Juspay`)
    const word = BOOKED[status]
    if (word !== undefined && told?.status !== word)
      throw new Error(`${key} is ${status} here, ${told?.status} there`)
    if (status === 'rejected' && told !== undefined)
      throw new Error(`${key} is rejected here and exists there`)
    if (request !== null && told !== undefined && told.status !== 'FAILURE') {
      if (paid.has(request)) throw new Error(`request ${request} is paid twice`)
      paid.add(request)
    }
  }
  const known = new Set(stored.refunds.map(({ key }) => key))
  for (const key of ledger.keys())
    if (!known.has(key)) throw new Error(`Juspay has ${key}, which is nobody's refund here`)
  for (const request of model.requests) {
    const live = stored.refunds.filter((one) => one.request === request.id && !GONE.has(one.status))
    const wanted = request.status === 'approved' ? 1 : 0
    if (live.length > wanted)
      throw new Error(`${request.status} request ${request.id} has ${live.length} live refunds`)
  }
}
