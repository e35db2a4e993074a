/**
 * One merchant's account is nothing to another's people: everything that can be asked for or done is tried by an admin of
 * one account with the ids of another, and nothing is told and nothing is changed. A new procedure fails until it is tried.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from '../../../server/demo.ts'
import { DEFAULT_POLICY } from '../../../server/domain/approval-policy.ts'
import { createTestApp, signIn, type SignedIn, type TestApp } from '../../support/app.ts'
import { listFile } from '../../support/export-files.ts'
import { createAccount } from '../../support/factories.ts'
import { openLiveStream } from '../../support/live-client.ts'
import { readsOf } from '../../support/order-calls.ts'
import {
  fillPersonalOrder,
  ORDER_REF,
  PERSON,
  SAID,
  type PersonalOrder,
} from '../../support/personal-order.ts'
import { actNames, actText, queryNames, readText } from '../../support/wire.ts'

let app: TestApp
let made: PersonalOrder
let stranger: SignedIn
/** What is known of the account that is not theirs: its people, its order, its records. */
let words: readonly string[]

const HASH = 'ab'.repeat(32)

beforeAll(async () => {
  app = await createTestApp()
  made = await fillPersonalOrder(app)
  const { database } = app.paydesk
  const other = await createAccount(database)
  await database.pool.query(
    `update membership set merchant_account_id = $1, role = 'admin'
     where user_id = (select id from staff_user where email = 'developer@demo.test')`,
    [other.id],
  )
  stranger = await signIn(app.url, 'developer@demo.test', DEMO_PASSWORD)
  const { rows } = await database.pool.query<{ name: string }>(
    `select u.name from staff_user u join membership m on m.user_id = u.id where m.merchant_account_id = $1`,
    [app.accountId],
  )
  words = [
    ...rows.map(({ name }) => name),
    ORDER_REF,
    'RF-PERSONAL',
    PERSON.email,
    PERSON.name,
    SAID.email,
    SAID.phone,
    'evt_p1',
  ]
}, 60_000)

afterAll(() => app.close())

/** What can be done, with what is the other account's in every place for an id. */
const acts = (): Readonly<Record<string, readonly unknown[]>> => {
  const { orderId, requestId, refundId, batchId, jobId, viewId, discrepancyId } = made
  const victim = made.admin.userId
  const scope = { kind: 'events', ids: made.eventIds }
  const batch = { batchId }
  return {
    'session.switchAccount': [{ slug: 'demo' }],
    'secondFactor.reset': [{ userId: victim }],
    'orders.reveal': [{ orderId, field: 'email', reason: 'Because I can' }],
    'orders.checkStatus': [{ orderId }],
    'orders.checkMany': [{ orderIds: [orderId] }],
    'search.askJuspay': [{ orderRef: ORDER_REF }],
    'notes.write': [{ orderId, text: 'I was here' }],
    'notes.edit': [{ noteId: made.noteId, text: 'I was here' }],
    'notes.strike': [{ noteId: made.noteId }],
    'notes.markSeen': [{ orderId }],
    'tags.add': [{ orderIds: [orderId], tags: ['mine'] }],
    'tags.remove': [{ orderIds: [orderId], tag: 'vip' }],
    'views.change': [{ viewId, basedOn: 1, name: 'Mine' }],
    'views.delete': [{ viewId }],
    'views.setAlert': [{ view: viewId, rule: { kind: 'more_than', threshold: 0 } }],
    'views.stopAlert': [{ view: viewId }],
    'views.seeAlerts': [{ seen: [{ id: made.alertId, upTo: new Date() }] }],
    'exports.create': [
      {
        requestKey: randomUUID(),
        request: listFile({ what: { kind: 'chosen', orderIds: [orderId] }, personal: true }),
      },
    ],
    'exports.remove': [{ exportId: made.exportId }],
    'refunds.request': [
      {
        orderId,
        version: 1,
        clientKey: `wall-${randomUUID()}`,
        amountMinor: 100n,
        currency: 'INR',
        reason: 'item_returned',
        note: null,
      },
    ],
    'refunds.proposeReview': [
      { refundId, outcome: 'failed', reference: null, note: 'It did not arrive there' },
    ],
    'refunds.resolveReview': [{ reviewId: made.reviewId, decision: 'confirm', note: null }],
    'refunds.retry': [{ refundId, clientKey: `wall-${randomUUID()}`, note: null }],
    'approvals.decide': [{ requestId, decision: 'approve', note: null, approvalHash: HASH }],
    'approvals.withdraw': [{ requestId, note: null }],
    'approvals.comment': [{ requestId, text: 'I was here' }],
    'stops.lift': [{ stopId: made.stop?.id, note: 'It was a mistake of ours' }],
    'bulk.fromOrders': [{ orderIds: [orderId], requestKey: 'wall-from-orders' }],
    'bulk.rerun': [{ ...batch, requestKey: 'wall-rerun' }],
    'bulk.mapColumns': [
      {
        ...batch,
        mapping: {
          orderRef: 0,
          amount: 1,
          currency: null,
          reason: null,
          note: null,
          yourRef: null,
          txnRef: null,
        },
      },
    ],
    'bulk.fixRow': [{ ...batch, n: 1, fields: { amount: '1' } }],
    'bulk.recheckRow': [{ ...batch, n: 1 }],
    'bulk.dropRow': [{ ...batch, n: 1, dropped: true }],
    'bulk.acceptRows': [{ ...batch, n: null, accepted: true }],
    'bulk.dropErrors': [batch],
    'bulk.submit': [{ ...batch, typedTotal: '10', reason: 'item_returned', note: null }],
    'bulk.decide': [{ ...batch, decision: 'approve', note: null, approvalHash: HASH }],
    'bulk.control': [{ ...batch, act: 'cancel' }],
    'bulk.halt': [batch],
    'failedEvents.retryNow': [{ scope }],
    'failedEvents.ignore': [{ scope, reason: 'Not mine' }],
    'replays.create': [{ scope, reason: null, requestKey: 'wall-replay' }],
    'replays.applyJob': [{ jobId }],
    'replays.pause': [{ jobId }],
    'replays.resume': [{ jobId }],
    'replays.stop': [{ jobId }],
    'recon.run': [{ orderIds: [orderId] }],
    'recon.resolve': [
      { discrepancyId, resolution: 'It is fine' },
      { discrepancyId: made.openDiscrepancyId, resolution: 'It is fine' },
    ],
    'users.setRole': [{ userId: victim, role: 'viewer' }],
    'users.setDisabled': [{ userId: victim, disabled: true }],
    'keys.activate': [{ id: made.keyId, keyId: 'key_1' }],
    'keys.retire': [{ id: made.keyId }],
    'keys.uploadToSandbox': [{ id: made.keyId }],
    'keys.revokeApiKey': [{ id: made.apiKeyId }],
    // A limit of a person who is not one of theirs.
    'settings.setPolicy': [
      {
        version: 0,
        ...DEFAULT_POLICY.rules,
        limits: { ...DEFAULT_POLICY.rules.limits, people: [{ userId: victim, dayMinor: 1n }] },
      },
    ],
  }
}

/** These take nothing that could be another account's. */
const OWN_ALONE: readonly string[] = [
  'secondFactor.begin',
  'secondFactor.confirm',
  'secondFactor.renewRecoveryCodes',
  'secondFactor.remove',
  'secondFactor.setRule',
  'views.create',
  'views.savePreference',
  'stops.set',
  'users.create',
  'keys.add',
  'keys.setAuthMode',
  'keys.createApiKey',
  'inspector.inspect',
  'integration.testConnection',
  'sandbox.signInitiate',
  // An order that is tried again is looked for in their own account, at their own sandbox.
  'sandbox.startCheckout',
  'sandbox.tellStep',
  'sandbox.simulate',
  'sandbox.sendTestEvent',
  'sandbox.traffic',
  // Followed below.
  'events.live',
]

/** Tables of the stranger's own account in which these leave a row, with nothing of the other's in it. */
const OWN_ROWS: Readonly<Record<string, readonly string[]>> = {
  'search.askJuspay': ['status_budget'],
  'exports.create': ['order_export'],
}

/** Every row of the database but what signing in and being refused leave behind. */
async function everything(): Promise<Record<string, string>> {
  const { pool } = app.paydesk.database
  const { rows: tables } = await pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'
     and tablename not in ('staff_session', 'sign_in_try', 'audit_entry') order by 1`,
  )
  const all: Record<string, string> = {}
  for (const { name } of tables) {
    const { rows } = await pool.query<{ hash: string | null }>(
      `select md5(string_agg(t::text, '|' order by t::text)) as hash from "${name}" t`,
    )
    all[name] = rows[0]?.hash ?? ''
  }
  const { rows } = await pool.query<{ count: string }>(
    'select count(*) from audit_entry where merchant_account_id = $1',
    [app.accountId],
  )
  all['audit_entry of the account'] = rows[0]?.count ?? ''
  return all
}

test('everything there is, is tried', () => {
  expect(Object.keys(readsOf(app, made)).toSorted()).toEqual(queryNames())
  expect([...Object.keys(acts()), ...OWN_ALONE].toSorted()).toEqual(actNames())
})

test('nothing of another account is told', async () => {
  const told: Record<string, string> = {}
  for (const [path, inputs] of Object.entries(readsOf(app, made)))
    for (const input of inputs) {
      const answer = await readText(stranger, path, input)
      const found = words.find((word) => answer.includes(word) && !JSON.stringify(input ?? '').includes(word))
      if (found !== undefined) told[path] = `${found}: ${answer}`
    }
  expect(told).toEqual({})
})

test('nothing of another account is changed, and it is not told why', async () => {
  const before = await everything()
  const told: Record<string, string> = {}
  for (const [path, inputs] of Object.entries(acts()))
    for (const input of inputs) {
      const answer = await actText(stranger, path, input)
      const after = await everything()
      const changed = Object.keys(after).filter((table) => after[table] !== before[table])
      const found = words.find(
        (word) => answer.includes(word) && !JSON.stringify(input, plain).includes(word),
      )
      const own = OWN_ROWS[path] ?? []
      if (changed.join() !== own.join() || answer.includes('invalid_input') || found !== undefined)
        told[path] = `${found} ${changed.join()} ${answer}`
      Object.assign(before, after)
    }
  expect(told).toEqual({})
})

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

describe('files and streams', () => {
  test.each([
    () => `/downloads/exports/${made.exportId}`,
    () => `/downloads/replays/${made.jobId}.csv`,
    () => `/downloads/bulk/${made.batchId}.csv`,
    () => `/downloads/bulk/${made.batchId}.xlsx`,
    () =>
      `/downloads/event-bodies.ndjson?scope=${encodeURIComponent(JSON.stringify({ kind: 'events', ids: made.eventIds }))}`,
  ])('%s is not there', async (path) => {
    expect((await stranger.fetch(path())).status).toBe(404)
  })

  test('the file of refunds has none of them', async () => {
    const text = await (await stranger.fetch('/downloads/refunds.csv')).text()
    expect(text.trim().split('\n')).toHaveLength(1)
  })

  test('the feed continues after another account’s message with nothing of it', async () => {
    const finance = await app.as('finance')
    const theirs = openLiveStream({ url: app.url, cookie: finance.cookie, input: { events: {} } })
    await expect.poll(() => theirs.lastId()).not.toBeNull()
    const mine = openLiveStream({
      url: app.url,
      cookie: stranger.cookie,
      input: { events: {}, lastEventId: theirs.lastId() },
    })
    await expect.poll(() => mine.messages.length).toBeGreaterThan(0)
    await made.tell('evt_wall', 'ORDER_SUCCEEDED', 1)
    await expect.poll(() => JSON.stringify(theirs.messages)).toContain(ORDER_REF)
    expect(JSON.stringify(mine.messages)).not.toContain(ORDER_REF)
    theirs.close()
    mine.close()
  })
})
