/** Refused deliveries (W15): counted exactly, sampled within bounds, told at once, and nothing of what was sent is kept. */
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAccountAccess } from '../../../server/account-access.ts'
import { describeRejection } from '../../../server/domain/rejection.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { REJECTIONS_KEPT } from '../../../server/store/webhook-rejections.ts'
import { webhookRoutes } from '../../../server/webhooks/receive.ts'
import { rejectionRecorder } from '../../../server/webhooks/rejections.ts'
import { createAccount, TEST_SECRET_KEY, WEBHOOK_PASSWORD } from '../../support/factories.ts'
import { buildDeps, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let app: FastifyInstance

beforeEach(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
  app = Fastify()
  const access = createAccountAccess(deps.store, TEST_SECRET_KEY)
  await app.register(webhookRoutes({ deps, accountOf: access.webhookAccount }))
})
afterEach(async () => {
  await app.close()
  await opened.close()
})

/** Counts are written every second; a busy machine takes longer. */
const SOON = { timeout: 5_000 }

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

function post(authorization: string | null, slug = account.slug, body = Buffer.from('{}')) {
  return app.inject({
    method: 'POST',
    url: `/webhooks/juspay/${slug}`,
    headers: { 'user-agent': 'Juspay-Webhook/2', ...(authorization === null ? {} : { authorization }) },
    payload: body,
  })
}

const rejections = () => deps.store.webhookEvents.rejections(account.id, new Date(0))
const total = async () => (await rejections()).reduce((sum, { count }) => sum + count, 0)

describe('every refused delivery', () => {
  test('is counted, however many come at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      deps.clock.advance(1_001)
      const replies = await Promise.all([1, 2, 3].map(() => post(basic('hook', 'flood'))))
      expect(replies.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401])
    }
    await expect.poll(total, SOON).toBe(60)
  })

  test('is still counted after a stop, without waiting for the next second', async () => {
    await post(basic('hook', 'wrong'))
    await app.close()
    expect(await total()).toBe(1)
  })

  test('is counted once when the database is away for a while', async () => {
    let away = true
    const transaction: typeof deps.store.transaction = (work) =>
      away ? Promise.reject(new Error('away')) : deps.store.transaction(work)
    const flaky = { ...deps, store: { ...deps.store, transaction } }
    const recorder = rejectionRecorder(flaky)
    const detail = { scheme: 'basic' as const, userMatched: true, contentLength: 2, userAgent: null }
    const refuse = () =>
      recorder.record({
        cause: 'wrong_credentials',
        accountId: account.id,
        slug: '',
        remoteAddress: '',
        detail,
      })
    refuse()
    await recorder.close()
    refuse()
    away = false
    await recorder.close()
    await recorder.close()
    expect(await total()).toBe(2)
  })
})

describe('the sample says what failed and keeps nothing of it', () => {
  test.for([
    ['no credentials', null, 'No credentials'],
    ['another scheme', 'Bearer top-secret', 'Not Basic authentication'],
    ['a wrong user', basic('top-secret', WEBHOOK_PASSWORD), 'Wrong user name'],
    ['a wrong password', basic('hook', 'top-secret'), 'Wrong password for user hook'],
  ] as const)('%s', async ([, authorization, words]) => {
    await post(authorization)
    await expect
      .poll(async () => (await deps.store.webhookEvents.rejectionSamples(account.id, 5)).length)
      .toBe(1)
    const [sample] = await deps.store.webhookEvents.rejectionSamples(account.id, 5)
    if (!sample) throw new Error('no sample')
    expect(describeRejection(sample.cause, { ...sample, username: account.webhookUsername })).toBe(words)
    expect(sample.detail).toMatchObject({ contentLength: 2, userAgent: 'Juspay-Webhook/2' })
    const { rows } = await opened.database.pool.query(
      'select webhook_rejection::text as row from webhook_rejection',
    )
    expect(JSON.stringify(rows)).not.toContain('top-secret')
    expect(JSON.stringify(rows)).not.toContain(Buffer.from('top-secret').toString('base64').slice(0, 8))
  })

  test('an address that names no account, to everybody', async () => {
    await post(basic('hook', WEBHOOK_PASSWORD), 'xyz')
    await expect.poll(total, SOON).toBe(1)
    const [found] = await rejections()
    expect(found?.last).toMatchObject({ cause: 'unknown_account', slug: 'xyz' })
  })

  test('a body that is too large, with its length', async () => {
    await post(basic('hook', WEBHOOK_PASSWORD), account.slug, Buffer.alloc(3_100_000))
    await expect.poll(total, SOON).toBe(1)
    const [found] = await rejections()
    if (!found?.last) throw new Error('no sample')
    expect(describeRejection(found.cause, { ...found.last, username: '' })).toBe('Too large: 3.1 MB')
  })
})

test('of one cause so many are kept, and the others are not pushed out by them', async () => {
  const { webhookEvents } = deps.store
  const refused = { accountId: account.id, slug: account.slug, remoteAddress: '203.0.113.9' }
  const detail = { scheme: 'basic' as const, userMatched: true, contentLength: 2, userAgent: null }
  const at = () => deps.clock.now()
  await webhookEvents.reject({ ...refused, cause: 'too_large', detail, at: at() })
  for (let i = 0; i < REJECTIONS_KEPT + 10; i += 1) {
    deps.clock.advance(1_000)
    await webhookEvents.reject({ ...refused, cause: 'wrong_credentials', detail, at: at() })
  }
  const kept = await webhookEvents.rejectionSamples(account.id, 10 * REJECTIONS_KEPT)
  expect(kept).toHaveLength(REJECTIONS_KEPT + 1)
  expect(kept[0]?.at).toEqual(at())
  expect(kept.at(-1)?.cause).toBe('too_large')
})

test('open screens are told within a second of the first, and not of every one', async () => {
  const told = async () =>
    (await opened.database.pool.query("select subject_id from live_change where subject = 'webhook_health'"))
      .rows
  await post(basic('hook', 'wrong'))
  await expect.poll(told, SOON).toEqual([{ subject_id: account.id }])
  expect(deps.woken).toContain('live')
  deps.clock.advance(1_000)
  await post(basic('hook', 'wrong'))
  await expect.poll(total, SOON).toBe(2)
  expect(await told()).toHaveLength(1)
  deps.clock.advance(5_000)
  await post(basic('hook', 'wrong'))
  await expect.poll(async () => (await told()).length, SOON).toBe(2)
})

test('a sender that makes up addresses takes no memory and few rows', async () => {
  for (let i = 0; i < 300; i += 1) await post(basic(`u${i}`, 'x'), `shop-${i}`)
  await expect.poll(total, SOON).toBe(300)
  const { rowCount } = await opened.database.pool.query('select 1 from webhook_rejection_count')
  expect(rowCount).toBe(2)
})
