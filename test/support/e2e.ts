/**
 * Everything Paydesk is made of, running: its own database, the server with its jobs and the built dashboard, the
 * sandbox that answers as Juspay and sends webhooks, and a browser. One per test file; nothing in it is a stand-in.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { expect as expectPage } from 'playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFailed, vi } from 'vitest'
import { DEMO_PASSWORD } from '../../server/demo.ts'
import type { Role } from '../../server/domain/permission.ts'
import { createSandbox, type Sandbox } from '../../server/sandbox/create.ts'
import { createTestApp, FRESH_MS, type TestApp } from './app.ts'
import { launchBrowser, startVisit, type Visit, type VisitOptions } from './browser.ts'
import { builtClient } from './e2e-client.ts'

/** Quick enough to wait for, slow enough that "sent" and "succeeded" are two moments. */
const REFUND_PACE = { refundQueueSeconds: 0.5, refundSettleSeconds: 0.5, refundArnSeconds: 0.5 }

const screenshots = join(import.meta.dirname, '../output/e2e')

export type OrderWish = {
  orderId?: string
  scenario?: string
  createdAt?: string
  firstName?: string
  lastName?: string
  paymentMethodType?: 'UPI' | 'CARD' | 'NB' | 'WALLET'
  gateway?: string
  description?: string
  repeat?: number
}

export type Stack = {
  app: TestApp
  sandbox: Sandbox
  sandboxUrl: string
  /** A call of the sandbox's own API. */
  control(path: string, body: unknown): Promise<unknown>
  /** Has the sandbox make an order of that many rupees, by default a charged one; returns its reference once Paydesk knows it. */
  order(amount: string, wish?: OrderWish): Promise<string>
  /** Opens a window for somebody: signed in through the sign-in page with that role, or a stranger. */
  visit(role: Role | null, options?: VisitOptions): Promise<Visit>
}

/** Page assertions that wait; the machine may be busy. */
export const shown = expectPage.configure({ timeout: 15_000 })

/** Starts everything before the file's tests and ends it after them; a test also fails on trouble in any window it opened. */
export function useStack(): () => Stack {
  let running: RunningStack | null = null
  const stack = () => {
    if (!running) throw new Error('the stack runs only while the tests of the file do')
    return running
  }
  beforeAll(async () => {
    running = await startStack()
  })
  beforeEach(({ task }) => {
    onTestFailed(async () => {
      mkdirSync(screenshots, { recursive: true })
      const name = task.name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)
      for (const [i, visit] of stack().visits.entries()) {
        await visit.page.screenshot({ path: join(screenshots, `${name}-${i}.png`) }).catch(() => undefined)
      }
      await stack().leave()
    })
  })
  afterEach(async ({ task }) => {
    const troubles = stack().visits.flatMap((visit) => visit.troubles())
    // A failed test's windows stay for its screenshot.
    if (task.result?.state !== 'fail' && troubles.length === 0) await stack().leave()
    expect(troubles).toEqual([])
  })
  afterAll(async () => {
    await running?.close()
  })
  return stack
}

type RunningStack = Stack & { visits: Visit[]; leave(): Promise<void>; close(): Promise<void> }

async function startStack(): Promise<RunningStack> {
  const clientRoot = await builtClient()
  const dir = mkdtempSync(join(tmpdir(), 'paydesk-e2e-'))
  const sandbox = createSandbox({ dir, webhookUrl: null, settings: REFUND_PACE })
  const sandboxUrl = await sandbox.listen(0)
  const app = await createTestApp({ sandboxUrl, jobs: true, clientRoot })
  const control = (path: string, body: unknown) => postControl(sandboxUrl, path, body)
  // Only now is it known where the server listens.
  await control('/control/merchants', {
    merchantId: 'paydeskdemo',
    webhookUrl: `${app.url}/webhooks/juspay/demo`,
    returnUrl: `${app.url}/payments/return/demo`,
  })
  const browser = await launchBrowser()
  const visits: Visit[] = []
  const leave = async () => {
    await Promise.all(visits.splice(0).map((visit) => visit.close()))
  }
  const jars = new Map<Role, { at: number; jar: Promise<VisitOptions['signedIn']> }>()
  const jarOf = (role: Role) => {
    const known = jars.get(role)
    if (known && performance.now() - known.at < FRESH_MS) return known.jar
    const jar = signInOnPage(browser, app.url, role)
    jars.set(role, { at: performance.now(), jar })
    return jar
  }
  return {
    app,
    sandbox,
    sandboxUrl,
    control,
    visits,
    leave,
    order: (amount, wish = {}) => makeOrder(app, control, amount, wish),
    async visit(role, options = {}) {
      const signedIn = role === null ? undefined : await jarOf(role)
      const visit = await startVisit(browser, app.url, { ...options, ...(signedIn ? { signedIn } : {}) })
      visits.push(visit)
      return visit
    },
    async close() {
      await leave()
      await browser.close()
      await app.close()
      await sandbox.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function postControl(sandboxUrl: string, path: string, body: unknown): Promise<unknown> {
  const reply = await fetch(`${sandboxUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer: unknown = await reply.json()
  if (!reply.ok) throw new Error(`the sandbox answered ${reply.status} to ${path}: ${JSON.stringify(answer)}`)
  return answer
}

/** Tries until it succeeds; the last failure is the one that is told. Works in hooks too. */
export function eventually<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  return vi.waitFor(attempt, { timeout: 30_000, interval: 100 }).catch((error: unknown) => {
    throw new Error(`${what}: did not happen`, { cause: error })
  })
}

let made = 0

async function makeOrder(
  app: TestApp,
  control: Stack['control'],
  amount: string,
  wish: OrderWish,
): Promise<string> {
  made += 1
  const orderId = wish.orderId ?? `E2E${process.pid}X${made}`
  await control('/control/orders', { scenario: 'charged', ...wish, amount, orderId })
  const { trpc } = await app.as('admin')
  const settled = wish.scenario === undefined || wish.scenario === 'charged'
  await eventually(`order ${orderId} arrives`, async () => {
    const { displayStatus } = await trpc.orders.get.query({ orderRefOrId: orderId })
    if (settled) expect(displayStatus).toBe('charged')
  })
  return orderId
}

/** Types address and password as a person does; what the browser then knows serves for later windows of that role. */
async function signInOnPage(browser: Browser, url: string, role: Role): Promise<VisitOptions['signedIn']> {
  const visit = await startVisit(browser, url)
  try {
    const { page } = visit
    await page.goto('/sign-in')
    await page.getByLabel('Work email').fill(`${role}@demo.test`)
    await page.getByLabel('Password').fill(DEMO_PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await shown(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
    expect(visit.troubles()).toEqual([])
    return await visit.context.storageState()
  } finally {
    await visit.close()
  }
}
