/** The receiver's table of accounts: what is new is found at once, and a flood of refusals costs one look a second. */
import Fastify from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sealSecrets } from '../../../server/store/sealing.ts'
import { createWebhookAccounts } from '../../../server/webhook-accounts.ts'
import { webhookRoutes } from '../../../server/webhooks/receive.ts'
import { createAccount, TEST_SECRET_KEY, WEBHOOK_PASSWORD } from '../../support/factories.ts'
import { buildDeps, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
/** The monotonic clock of the table. */
let at = 0
let looks = 0
/** How the database answers the table. */
let answer: 'answers' | 'fails' | 'hangs' = 'answers'

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
})
beforeEach(() => {
  at = 0
  looks = 0
  answer = 'answers'
})
afterAll(() => opened.close())

function accounts() {
  const readAll = () => {
    looks += 1
    if (answer === 'hangs') return new Promise<never>(() => undefined)
    return answer === 'fails' ? Promise.reject(new Error('away')) : deps.store.accounts.credentials()
  }
  return createWebhookAccounts(readAll, TEST_SECRET_KEY, () => at)
}

async function receiver(accountOf = accounts()) {
  const app = Fastify()
  await app.register(webhookRoutes({ deps, accountOf }))
  return async (slug: string, password = WEBHOOK_PASSWORD) => {
    const authorization = `Basic ${Buffer.from(`hook:${password}`).toString('base64')}`
    const reply = await app.inject({
      method: 'POST',
      url: `/webhooks/juspay/${slug}`,
      headers: { authorization },
      payload: Buffer.from('{}'),
    })
    return reply.statusCode
  }
}

test('the first delivery to an account added a second ago is taken', async () => {
  const post = await receiver()
  expect(await post('not-there-yet')).toBe(404)
  const account = await createAccount(opened.database)
  at = 1_000
  expect(await post(account.slug)).toBe(200)
})

test('the first delivery with a password changed a second ago is taken, and the old one refused', async () => {
  const account = await createAccount(opened.database)
  const post = await receiver()
  expect(await post(account.slug)).toBe(200)
  const secrets = {
    apiKey: 'k',
    webhookPassword: 'changed-password',
    previousWebhookPassword: null,
    responseKey: null,
    signingKey: null,
  }
  await deps.store.accounts.replaceSecrets(account.id, sealSecrets(TEST_SECRET_KEY, secrets))
  at = 1_000
  expect(await post(account.slug, 'changed-password')).toBe(200)
  expect(await post(account.slug)).toBe(401)
})

test('a flood of unknown addresses and wrong passwords looks once a second, and right ones never', async () => {
  const account = await createAccount(opened.database)
  const post = await receiver()
  expect(await post(account.slug)).toBe(200)
  expect(looks).toBe(1)
  for (at = 0; at < 4_000; at += 100) {
    const replies = await Promise.all([
      ...Array.from({ length: 5 }, (_, i) => post(`flood-${at}-${i}`)),
      ...Array.from({ length: 5 }, () => post(account.slug, 'guess')),
    ])
    expect(new Set(replies)).toEqual(new Set([404, 401]))
  }
  expect(looks).toBe(4)
  expect(await post(account.slug)).toBe(200)
  expect(looks).toBe(4)
})

test.each(['fails', 'hangs'] as const)('a look that %s leaves what is known, soon', async (how) => {
  const account = await createAccount(opened.database)
  const find = accounts()
  expect(await find(account.slug, 'kept')).toMatchObject({ id: account.id })
  answer = how
  at = 1_000
  const started = performance.now()
  expect(await find('nobody', 'fresh')).toBeNull()
  expect(await find(account.slug, 'fresh')).toMatchObject({ id: account.id })
  expect(performance.now() - started).toBeLessThan(1_500)
  expect(looks).toBe(2)
})

test('the table is looked up anew in the background, so that a removed password does not live on', async () => {
  const account = await createAccount(opened.database)
  const find = accounts()
  await find(account.slug, 'kept')
  at = 5_000
  await find(account.slug, 'kept')
  expect(looks).toBe(2)
})
