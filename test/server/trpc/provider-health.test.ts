/** Whether Juspay answers is known to everybody signed in, from calls that were made anyway, and clears itself. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ONE_ORDER_MS,
  OUTAGE_CALLS,
  OUTAGE_MS,
  TIMES_KEPT,
  WRITE_EVERY_MS,
} from '../../../server/domain/provider-health.ts'
import { createSandbox, type Sandbox } from '../../../server/sandbox/create.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { testClock, type TestClock } from '../../support/harness.ts'

const dir = mkdtempSync(join(tmpdir(), 'paydesk-health-'))
let clock: TestClock
let sandbox: Sandbox
let sandboxUrl: string
let app: TestApp
let viewer: SignedIn

beforeAll(async () => {
  clock = testClock(new Date())
  sandbox = createSandbox({ dir, webhookUrl: null })
  sandboxUrl = await sandbox.listen(0)
  app = await createTestApp({ sandboxUrl, clock })
  viewer = await app.as('viewer')
})

afterAll(async () => {
  await app.close()
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

const told = () => viewer.trpc.health.provider.query()

async function ask(orderRef = 'NOSUCHORDER'): Promise<void> {
  const client = await app.paydesk.deps.juspay(app.accountId)
  await client.getOrder(orderRef, { routingId: orderRef })
}

async function fault(method: 'POST' | 'DELETE', body?: unknown): Promise<void> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(`${sandboxUrl}/control/faults`, { method, ...(body ? { headers } : {}), ...init })
  expect(reply.ok, await reply.text()).toBe(true)
}

async function stored<T>(sql: string): Promise<T[]> {
  const { rows } = await app.paydesk.database.pool.query(sql)
  return rows
}

const announced = async () =>
  (await stored(`select 1 from live_change where subject = 'provider_health'`)).length

test('nothing is known before anybody asked; a refusal is an answer', async () => {
  expect(await told()).toEqual({ state: 'unknown' })
  await ask()
  await expect.poll(told).toEqual({ state: 'answering', answeredAt: clock.now(), p95Ms: null })
})

test('calls without an answer make an outage since the first, which open pages hear of; an answer ends it', async () => {
  await fault('POST', { kind: 'status', status: 503 })
  clock.advance(1_000)
  const since = clock.now()
  for (let call = 1; call < OUTAGE_CALLS; call += 1) await ask(`ORDER${call}`)
  expect(await told()).toMatchObject({ state: 'answering' })
  expect(await announced()).toBe(0)
  clock.advance(OUTAGE_MS)
  await ask()
  await expect.poll(told).toEqual({ state: 'down', since })
  expect(await announced()).toBe(1)

  await fault('DELETE')
  clock.advance(5_000)
  await ask()
  await expect.poll(told).toEqual({ state: 'answering', answeredAt: clock.now(), p95Ms: null })
  expect(await announced()).toBe(2)
})

test('one order that Juspay stumbles over again and again is no outage', async () => {
  await fault('POST', { kind: 'status', status: 503 })
  expect(OUTAGE_CALLS * OUTAGE_MS).toBeLessThan(ONE_ORDER_MS)
  for (let call = 0; call < OUTAGE_CALLS; call += 1) {
    clock.advance(OUTAGE_MS)
    await ask()
  }
  await expect.poll(() => stored('select failures from provider_calls')).toEqual([{ failures: 1 }])
  expect(await told()).toMatchObject({ state: 'answering' })
  // Another one, and the first once more.
  await ask('ORDER1')
  await ask()
  await expect.poll(told).toMatchObject({ state: 'down' })
  await fault('DELETE')
  await ask()
  await expect.poll(told).toMatchObject({ state: 'answering' })
})

test('answers that say nothing new are written together, and no more of them than are kept', async () => {
  const { xmin: before } = (await stored<{ xmin: string }>('select xmin::text from provider_calls'))[0]!
  for (let call = 0; call < 5; call += 1) await ask()
  expect(await stored('select xmin::text from provider_calls')).toEqual([{ xmin: before }])
  expect(WRITE_EVERY_MS).toBeLessThan(OUTAGE_MS)
  await app.paydesk.database.pool.query(
    `update provider_calls set took_ms = (select array_agg(7) from generate_series(1, ${TIMES_KEPT}))`,
  )
  // A failure is written at once, and with it what waited.
  await fault('POST', { kind: 'status', status: 503, count: 1 })
  clock.advance(1_000)
  await ask()
  await expect
    .poll(() => stored('select cardinality(took_ms) as n, failures from provider_calls'))
    .toEqual([{ n: TIMES_KEPT, failures: 1 }])
  expect(await told()).toMatchObject({ state: 'answering', p95Ms: expect.any(Number) })
})

test('whoever is not signed in is told nothing', async () => {
  const reply = await fetch(`${app.url}/trpc/health.provider`, {
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  expect(reply.status).toBe(401)
})
