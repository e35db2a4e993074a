import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD, DEMO_WEBHOOK } from '../../server/demo.ts'
import { signIn } from '../support/app.ts'
import { builtClient } from '../support/e2e-client.ts'
import {
  isRunning,
  killAll,
  newDataDir,
  runProgram,
  startPaydesk,
  type StartedProgram,
} from '../support/e2e-process.ts'
import { eventually } from '../support/e2e.ts'
import { orderBody, webhookBody } from '../support/factories.ts'

const AUTHORIZATION = `Basic ${Buffer.from(`${DEMO_WEBHOOK.username}:${DEMO_WEBHOOK.password}`).toString('base64')}`
/** What the issue promises between listening and the first transaction on screen. */
const FIRST_TRANSACTION_MS = 30_000

/** The tests run in this order on one data directory: each goes on where the one before has stopped. */
describe('npm start', () => {
  const dataDir = newDataDir()
  const everStarted = new Set<number>()
  let paydesk: StartedProgram

  beforeAll(async () => {
    await builtClient()
    paydesk = await startPaydesk(dataDir)
  })
  afterAll(async () => {
    remember()
    paydesk.interrupt()
    await paydesk.ended
    killAll([...everStarted])
    rmSync(dataDir, { recursive: true, force: true })
  })

  test('says where it is and how to sign in, and has transactions within 30 s of listening', async () => {
    const from = performance.now()
    const { trpc } = await signIn(paydesk.url, 'viewer@demo.test', DEMO_PASSWORD)
    await eventually('the first transaction is listed', async () => {
      expect((await listed(trpc)).length).toBeGreaterThan(0)
    })
    expect(performance.now() - from).toBeLessThan(FIRST_TRANSACTION_MS)
    const page = await fetch(paydesk.url)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('id="root"')])
    expect(paydesk.output()).toContain(`Paydesk is at http://localhost:${new URL(paydesk.url).port}`)
    expect(paydesk.output()).toContain('finance@demo.test')
    expect(paydesk.output()).toContain(DEMO_PASSWORD)
    expect(paydesk.output()).toContain(`Data is in ${dataDir}`)
  })

  test('a second start on the same data is refused with a clear message, and harms nothing', async () => {
    const second = await runProgram(['server/start.mjs'], { DATA_DIR: dataDir, DEMO_TRAFFIC: '0' })
    expect(await second.ended).toBe(1)
    expect(second.output()).toMatch(/already in use|is in use|another/i)
    expect(second.output()).toContain(dataDir)
    expect(second.output()).not.toMatch(/^\s+at /m)
    expect((await fetch(`${paydesk.url}/readyz`)).status).toBe(200)
  })

  test('Ctrl-C leaves no process, and the next start has the data of the last', async () => {
    const before = await someRefs()
    const pids = remember()
    expect(pids.length).toBeGreaterThan(3) // starter, server, sandbox, database
    paydesk.interrupt()
    expect(await paydesk.ended).toBe(0)
    await eventually('every process ends', async () => {
      expect(pids.filter(isRunning)).toEqual([])
    })
    await expect(fetch(`${paydesk.url}/healthz`)).rejects.toThrow('fetch failed')
    paydesk = await startPaydesk(dataDir)
    expect(before.length).toBeGreaterThan(0)
    await expectKnown(before)
  })

  test('what was acknowledged before kill -9 is there after it', async () => {
    const acknowledged: string[] = []
    const server = paydesk.pidsOf('server/main.ts')
    expect(server).toHaveLength(1)
    remember()
    let number = 0
    const sender = async () => {
      for (;;) {
        number += 1
        const orderRef = `KILL${number}`
        const status = await post(orderRef)
        if (status === null) return
        if (status === 200) acknowledged.push(orderRef)
        if (acknowledged.length === 40) killAll(server)
      }
    }
    await Promise.all([sender(), sender(), sender(), sender()])
    expect(acknowledged.length).toBeGreaterThanOrEqual(40)
    expect(await paydesk.ended).not.toBe(0)
    expect(paydesk.output()).toContain('stopped unexpectedly')

    paydesk = await startPaydesk(dataDir)
    await eventually('every acknowledged webhook has become its order', () => expectKnown(acknowledged))
  })

  test('serve without its settings names each of them and does not start', async () => {
    const serve = await runProgram(['server/main.ts', '--serve'], {})
    expect(await serve.ended).toBe(1)
    for (const name of ['SECRET_KEY', 'DATABASE_URL', 'PUBLIC_URL'])
      expect(serve.output()).toContain(`${name} is missing`)
    expect(serve.output()).toContain('openssl rand -base64 32')
  })

  function remember(): number[] {
    const pids = paydesk.pids()
    for (const pid of pids) everStarted.add(pid)
    return pids
  }

  type Trpc = Awaited<ReturnType<typeof signIn>>['trpc']

  function listed(trpc: Trpc) {
    return trpc.orders.list.query({ sort: 'created', limit: 20 }).then((page) => page.rows)
  }

  async function someRefs(): Promise<string[]> {
    const { trpc } = await signIn(paydesk.url, 'viewer@demo.test', DEMO_PASSWORD)
    return (await listed(trpc)).map((row) => row.orderRef)
  }

  async function expectKnown(orderRefs: readonly string[]): Promise<void> {
    const { trpc } = await signIn(paydesk.url, 'viewer@demo.test', DEMO_PASSWORD)
    const orders = await Promise.all(
      orderRefs.map((orderRef) => trpc.orders.get.query({ orderRefOrId: orderRef })),
    )
    expect(orders.map((order) => order.orderRef)).toEqual(orderRefs)
  }

  /** Posts a webhook as Juspay does; null when nobody answers. */
  async function post(orderRef: string): Promise<number | null> {
    const at = new Date().toISOString()
    const attempt = { txnId: `paydeskdemo-${orderRef}-1`, status: 'CHARGED' }
    const order = orderBody({
      orderId: orderRef,
      status: 'CHARGED',
      amount: 499,
      at,
      attempt,
      extra: { merchant_id: 'paydeskdemo' },
    })
    try {
      const reply = await fetch(`${paydesk.url}/webhooks/juspay/demo`, {
        method: 'POST',
        headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
        body: new Uint8Array(webhookBody({ id: `evt_${orderRef}`, name: 'ORDER_SUCCEEDED', at, order })),
      })
      return reply.status
    } catch {
      return null
    }
  }
})
