import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventJobs } from '../../../server/jobs/process-events.ts'
import { startJobs, type Job } from '../../../server/jobs/runner.ts'
import type { WakeTopic } from '../../../server/services/deps.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let listeners: Map<WakeTopic, Set<() => void>>

beforeEach(async () => {
  opened = await openDatabase()
  listeners = new Map()
  deps = buildDeps({ database: opened.database, onWake: ring })
})
afterEach(() => opened.close())

function ring(topic: WakeTopic): void {
  for (const listener of listeners.get(topic) ?? []) listener()
}

const wakeups = {
  on(topic: WakeTopic, listener: () => void): () => void {
    const known = listeners.get(topic) ?? new Set()
    listeners.set(topic, known.add(listener))
    return () => {
      known.delete(listener)
    }
  },
}

test('an event is processed soon after its wake-up, long before the clock would look', async () => {
  const account = await createAccount(opened.database)
  const runner = startJobs(
    deps,
    wakeups,
    eventJobs().map((job) => ({ ...job, everyMs: 600_000 })),
  )
  try {
    const at = '2026-11-20T06:10:00Z'
    const order = orderBody({ orderId: 'J-1', status: 'CHARGED', amount: 1, at })
    const id = await deliver(deps, account.id, webhookBody({ id: 'e', name: 'ORDER_SUCCEEDED', at, order }))
    deps.wake('events')
    await expect
      .poll(async () => (await deps.store.webhookEvents.byId(account.id, id))?.status)
      .toBe('processed')
  } finally {
    await runner.stop()
  }
  expect([...listeners.values()].every((known) => known.size === 0)).toBe(true)
})

test('stopping waits for the item in hand and takes no more', async () => {
  let finish: (() => void) | undefined
  let rounds = 0
  const job: Job = {
    name: 'slow',
    topic: 'events',
    everyMs: 600_000,
    drain: async () => {
      rounds += 1
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return 1
    },
  }
  const runner = startJobs(deps, wakeups, [job])
  await expect.poll(() => finish).toBeDefined()
  let stopped = false
  const stopping = runner.stop().then(() => {
    stopped = true
  })
  await Promise.resolve()
  expect(stopped).toBe(false)
  finish?.()
  await stopping
  expect(rounds).toBe(1)
})

test('a wake-up that comes while a round runs leads to another round', async () => {
  let rounds = 0
  const job: Job = {
    name: 'twice',
    topic: 'refunds',
    everyMs: 600_000,
    drain: async () => {
      rounds += 1
      if (rounds === 1) ring('refunds')
      return 0
    },
  }
  const runner = startJobs(deps, wakeups, [job])
  await expect.poll(() => rounds).toBe(2)
  await runner.stop()
})

test('a job that throws is logged and goes on', async () => {
  let rounds = 0
  const job: Job = {
    name: 'broken once',
    topic: null,
    everyMs: 1,
    drain: async () => {
      rounds += 1
      if (rounds === 1) throw new Error('the database went away')
      return 0
    },
  }
  const runner = startJobs(deps, wakeups, [job])
  await expect.poll(() => rounds, { timeout: 5_000 }).toBeGreaterThan(1)
  await runner.stop()
  expect(deps.logged).toContain('a job failed; it goes on')
})
