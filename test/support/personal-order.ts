/**
 * One order with a recognisable person in every place that can hold one: what Juspay tells, what banks and shops write,
 * and what people of the desk wrote down about it. For tests that look for the person in everything that leaves.
 */
import { randomUUID } from 'node:crypto'
import { DEMO_WEBHOOK } from '../../server/demo.ts'
import { drainEvents } from '../../server/jobs/process-events.ts'
import { drainReplays } from '../../server/jobs/run-replays.ts'
import { drainBulk } from '../../server/jobs/run-bulk.ts'
import { roleCan, type Role } from '../../server/domain/permission.ts'
import type { TestApp } from './app.ts'
import { askFile, listFile } from './export-files.ts'
import { fakeJuspay } from './harness.ts'

export const PERSON = {
  name: 'Ashalata Venkataraman',
  hindi: 'आशालता वेंकटरमन',
  email: 'ashalata.v@mailhost.example',
  phone: '9876501234',
  spaced: '98765 01234',
  vpa: 'ashalata98@okbankx',
  holder: 'ASHALATA RAMAN V',
  street: '7 Rosewood Lane',
} as const

/** Nobody is shown these but by revealing a field; the name stands in full for those who may. */
export const HIDDEN: readonly string[] = [
  ...Object.values(PERSON).filter((value) => value !== PERSON.name && value !== PERSON.hindi),
  // As JSON within JSON and as a part of an address of the web.
  PERSON.email.replace('@', '%40'),
]
/** Beside those, for roles without personal data: in full, in part, and in another script. */
export const NAMES: readonly string[] = [PERSON.name, 'Venkataraman', PERSON.hindi]

/** A sentence as people and banks write it. */
export const PROSE = `Call ${PERSON.phone} or 0${PERSON.phone}, (${PERSON.spaced}), mail ${PERSON.email}, paid by ${PERSON.vpa}`

/** Of whom people of the desk wrote: shown to those who may see personal data. */
export const SAID = { email: 'said.by.staff@mailhost.example', phone: '9812300456' } as const
export const SAID_PROSE = `Call ${SAID.phone} or mail ${SAID.email}`

/** Where something stands that the role may not see, with what is around it. */
export function leaksIn(answer: string, role: Role): string[] {
  const wanted = roleCan(role, 'order:pii') ? HIDDEN : [...HIDDEN, ...NAMES, ...Object.values(SAID)]
  return wanted.flatMap((value) => {
    const at = answer.indexOf(value)
    return at < 0 ? [] : [answer.slice(Math.max(0, at - 80), at + value.length + 20)]
  })
}

export const ORDER_REF = 'PERSONAL1'
const TXN = `paydeskdemo-${ORDER_REF}-1`

/** What Juspay says of the order. */
export function personalOrder(at: Date, more: object = {}): Record<string, unknown> {
  const when = `${at.toISOString().slice(0, 19)}Z`
  return {
    merchant_id: 'paydeskdemo',
    order_id: ORDER_REF,
    id: `ordeh_${ORDER_REF}`,
    status: 'CHARGED',
    status_id: 21,
    amount: 1299.5,
    currency: 'INR',
    customer_id: PERSON.email,
    customer_email: PERSON.email,
    customer_phone: PERSON.phone,
    description: PROSE,
    return_url: `https://shop.example/back?email=${encodeURIComponent(PERSON.email)}&phone=${PERSON.phone}`,
    udf1: PROSE,
    date_created: when,
    last_updated: when,
    txn_id: TXN,
    gateway: 'RAZORPAY',
    payment_method_type: 'UPI',
    payment_method: 'UPI',
    payer_vpa: PERSON.vpa,
    upi: { payer_vpa: PERSON.vpa },
    customer_name: `${PERSON.name} ${PERSON.hindi}`,
    customer: { first_name: 'Ashalata', last_name: 'Venkataraman' },
    metadata: JSON.stringify({ contact: PERSON.phone, buyer: { name: PERSON.name, emails: [PERSON.email] } }),
    additional: {
      contact_no: Number(PERSON.phone),
      customerName: PERSON.hindi,
      emails: [PERSON.email],
      phones: [PERSON.phone, { value: PERSON.phone }],
      payer: { name: PERSON.name },
      [PERSON.email]: true,
      note_of_bank: PROSE,
    },
    billing_address: { name: PERSON.name, line1: PERSON.street },
    shipping: { address: PERSON.street },
    card: { card_holder_name: PERSON.holder, cardholder: PERSON.holder },
    txn_detail: {
      txn_id: TXN,
      status: 'CHARGED',
      gateway: 'RAZORPAY',
      txn_amount: 1299.5,
      net_amount: 1299.5,
      created: when,
    },
    payment_gateway_response: { resp_message: PROSE, rrn: '433612345678' },
    ...more,
  }
}

const FAILED = {
  status: 'AUTHORIZATION_FAILED',
  status_id: 27,
  txn_detail: {
    txn_id: TXN,
    status: 'AUTHORIZATION_FAILED',
    gateway: 'RAZORPAY',
    error_code: 'U30',
    error_message: PROSE,
  },
  bank_error_code: 'U30',
  bank_error_message: PROSE,
}

export type PersonalOrder = Awaited<ReturnType<typeof fillPersonalOrder>>

/** Makes the order and everything about it on the demo account, through the doors that people and Juspay use. */
export async function fillPersonalOrder(app: TestApp) {
  const { deps, database } = app.paydesk
  const told = await tellJuspay(app)
  const rows = async (text: string, values: unknown[] = []): Promise<string> => {
    const { rows: found } = await database.pool.query<{ id: string }>(text, values)
    return found[0]?.id ?? ''
  }
  const [support, finance, approver, ops, admin] = await Promise.all([
    app.as('support'),
    app.as('finance'),
    app.as('approver'),
    app.as('ops'),
    app.as('admin'),
  ])
  const { id: orderId, version } = await finance.trpc.orders.get.query({ orderRefOrId: ORDER_REF })
  await support.trpc.orders.reveal.mutate({ orderId, field: 'email', reason: `Asked by ${SAID.email}` })
  await support.trpc.notes.write.mutate({ orderId, text: `${SAID_PROSE} @Divya Nair` })
  await ops.trpc.notes.write.mutate({ orderId, text: 'Nobody named' })
  await support.trpc.tags.add.mutate({ orderIds: [orderId], tags: ['vip'] })
  const state = {
    q: `email:${SAID.email}`,
    t: '-7d',
    sort: '-created',
    cols: null,
    widths: {},
    density: null,
  }
  const view = await finance.trpc.views.create.mutate({ name: `Of ${SAID.email}`, shared: true, state })
  await finance.trpc.views.setAlert.mutate({ view: view.id, rule: { kind: 'more_than', threshold: 0 } })
  const asked = await support.trpc.refunds.request.mutate({
    orderId,
    version,
    clientKey: `personal-${randomUUID()}`,
    amountMinor: 10_000n,
    currency: 'INR',
    reason: 'item_returned',
    note: SAID_PROSE,
    confirmSameAmount: true,
  })
  const requestId = await rows('select id from refund_request order by requested_at desc limit 1')
  await approver.trpc.approvals.comment.mutate({ requestId, text: SAID_PROSE })
  await database.pool.query('update refund_request set decision_note = $1', [SAID_PROSE])
  const refundId = await rows(
    `insert into refund (merchant_account_id, order_id, refund_request_id, unique_request_id, origin, amount_minor,
       currency, status, error_code, error_message, gateway)
     select merchant_account_id, order_id, null, 'RF-PERSONAL', 'external', 5000, 'INR', 'manual_review', 'E', $1, 'RAZORPAY'
     from refund_request limit 1 returning id`,
    [PROSE],
  )
  await rows(
    `insert into refund_review (id, merchant_account_id, refund_id, outcome, reference, note, status, proposed_by, proposed_at)
     select gen_random_uuid(), $1, $2, 'failed', null, $3, 'waiting', $4, now()`,
    [app.accountId, refundId, SAID_PROSE, finance.userId],
  )
  const callId = await rows(
    `insert into refund_call (id, merchant_account_id, refund_id, call_no, sent_at, took_ms, outcome, words, body)
     select gen_random_uuid(), $1, $2, 1, now(), 5, 'rejected', $3, $4 returning id`,
    [app.accountId, refundId, PROSE, Buffer.from(JSON.stringify({ error_message: PROSE }))],
  )
  const discrepancyId = await rows(
    `insert into discrepancy (merchant_account_id, order_id, kind, ours, theirs, detail, status, resolution, resolved_at, resolved_by)
     values ($1, $2, 'status_conflict', 'a', 'b', 'They differ.', 'resolved', $3, now(), $4) returning id`,
    [app.accountId, orderId, SAID_PROSE, finance.userId],
  )
  await rows(
    `insert into discrepancy (merchant_account_id, order_id, kind, ours, theirs, detail)
     values ($1, $2, 'over_refunded', 'a', 'b', 'They differ.')`,
    [app.accountId, orderId],
  )
  const openDiscrepancyId = await rows(`select id from discrepancy where status = 'open'`)
  const reviewId = await rows('select id from refund_review')
  const noteId = await rows(`select id from order_note where author_id = $1`, [support.userId])
  const alertId = await rows('select id from view_alert')
  const apiKeyId = await rows('select id from api_key')
  const { id: keyId } = await admin.trpc.keys.add.mutate({ purpose: 'payload' })
  const { id: exportId } = await askFile(finance, listFile({ q: `order:${ORDER_REF}` }))
  await rows(
    `insert into dispute (merchant_account_id, dispute_ref, order_id, status, reason, event_id)
     values ($1, 'DISPUTE-1', $2, 'received', $3, $4)`,
    [app.accountId, orderId, PROSE, told.eventIds[0]],
  )
  const batchId = await bulkOf(app)
  const jobId = await replayOf(app, told.eventIds)
  await ops.trpc.failedEvents.ignore.mutate({
    scope: { kind: 'events', ids: [told.unreadableId] },
    reason: SAID_PROSE,
  })
  const stop = await ops.trpc.stops.set.mutate({ gateway: 'PAYU', reason: SAID_PROSE, expiresAt: null })
  await deps.store.transaction((tx) => tx.liveChanges.append(app.accountId, 'order', orderId))
  return {
    ...told,
    asked,
    orderId,
    requestId,
    refundId,
    callId,
    discrepancyId,
    openDiscrepancyId,
    reviewId,
    noteId,
    alertId,
    apiKeyId,
    keyId,
    exportId,
    batchId,
    jobId,
    viewId: view.id,
    stop,
    admin,
  }
}

async function tellJuspay(app: TestApp) {
  const { deps, database } = app.paydesk
  const now = Date.now()
  const send = async (body: string): Promise<void> => {
    const credentials = Buffer.from(`${DEMO_WEBHOOK.username}:${DEMO_WEBHOOK.password}`).toString('base64')
    await fetch(`${app.url}/webhooks/juspay/demo`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
      body,
    })
    await drainEvents(deps)
  }
  const tell = (id: string, name: string, minutesAgo: number, more: object = {}) => {
    const at = new Date(now - minutesAgo * 60_000)
    const order = personalOrder(at, more)
    return send(JSON.stringify({ id, event_name: name, date_created: at.toISOString(), content: { order } }))
  }
  await tell('evt_p1', 'ORDER_FAILED', 30, FAILED)
  await tell('evt_p2', 'ORDER_SUCCEEDED', 20)
  await tell('evt_p3', 'ORDER_SUCCEEDED', 10, { description: `${PROSE}. Again` })
  await send(`{"id": "evt_p4", "customer": "${PROSE}"`)
  deps.juspay = () =>
    Promise.resolve(fakeJuspay(() => personalOrder(new Date(), { description: `${PROSE}. ${randomUUID()}` })))
  const { rows } = await database.pool.query<{ id: string; status: string }>(
    'select id, status from webhook_event order by received_at',
  )
  return {
    tell,
    eventIds: rows.filter(({ status }) => status === 'processed').map(({ id }) => id),
    unreadableId: rows.find(({ status }) => status === 'dead')?.id ?? '',
  }
}

async function bulkOf(app: TestApp): Promise<string> {
  const finance = await app.as('finance')
  const head = `order_id,amount,reason,note,your_ref,agent\n`
  const body = `${head}${ORDER_REF},10,item_returned,"${SAID_PROSE}","${SAID.email}","${SAID.phone}"\n"${SAID.email}",1,"${SAID.email}","x","y","z"\n`
  const name = encodeURIComponent(`refunds for ${SAID.email}.csv`)
  const reply = await finance.fetch(`/uploads/bulk-refunds?name=${name}&requestKey=personal-batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body,
  })
  const made: unknown = await reply.json()
  const batchId = typeof made === 'object' && made !== null && 'batchId' in made ? String(made.batchId) : ''
  await drainBulk(app.paydesk.deps)
  await app.paydesk.database.pool.query(
    'update bulk_batch set note = $1, decision_note = $1, remark = $1 where id = $2',
    [SAID_PROSE, batchId],
  )
  return batchId
}

async function replayOf(app: TestApp, ids: string[]): Promise<string> {
  const ops = await app.as('ops')
  const { id } = await ops.trpc.replays.create.mutate({
    scope: { kind: 'events', ids },
    reason: SAID_PROSE,
    requestKey: 'personal-replay',
  })
  await drainReplays(app.paydesk.deps)
  // What a replay would change of an order that has moved on: the words of a bank.
  const changes = [{ subject: `transaction:${TXN}`, field: 'errorMessage', before: null, after: PROSE }]
  await app.paydesk.database.pool.query(
    `update replay_item set shadow_outcome = 'applied', shadow_error = $2, shadow_changes = $3 where job_id = $1`,
    [id, PROSE, JSON.stringify(changes)],
  )
  return id
}
