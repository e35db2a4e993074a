/**
 * Every way a visit to the hosted page can end, walked by a customer's clicks: in a frame of the shop's page and on a
 * page of its own, on a desktop and on a phone. What counts is what Paydesk then knows of the order.
 */
import type { FrameLocator, Page } from 'playwright'
import { beforeAll, describe, expect, test } from 'vitest'
import { PAGE_OUTCOMES } from '../../server/sandbox/page-outcomes.ts'
import { DESKTOP, PHONE } from '../support/browser.ts'
import { eventually, shown, useStack } from '../support/e2e.ts'
import { pressInFrame } from '../support/payment-frame.ts'

const SIZES = { desktop: DESKTOP, phone: PHONE } as const
/** A touch needs as much. */
const TOUCH_PX = 44

type Mode = 'iframe' | 'redirection'

const MODES: Readonly<Record<Mode, string>> = {
  iframe: 'In this page',
  redirection: 'On a page of its own',
}

/** What is known of an order at one moment: Juspay's word, ours, the return page's heading, the timeline. */
type Known = { provider: string; status: string; heading: string; timeline: string }

type Case = Known & {
  /** What the SDK says of it in a frame (API reference §8.3). */
  told: string
  /** Where a framed shop goes then. */
  next: 'return' | 'retry' | 'cart'
  /** What comes of it afterwards, when the attempt gets this outcome. */
  later?: { outcome: 'success' | 'authentication_failed'; known: Known }
}

const PAID: Known = {
  provider: 'CHARGED',
  status: 'charged',
  heading: 'Paid. Thank you',
  timeline: 'Attempt 1 charged',
}
const OPEN: Known = {
  provider: 'PENDING_VBV',
  status: 'pending',
  heading: 'We don’t know yet',
  timeline: 'Attempt 1 started',
}
const DECLINED: Known = {
  provider: 'AUTHORIZATION_FAILED',
  status: 'failed',
  heading: 'The payment failed',
  timeline: 'Attempt 1 declined',
}
const UNTOUCHED: Known = {
  provider: 'NEW',
  status: 'created',
  heading: 'Not paid',
  timeline: 'Order created',
}

const LATER_PAID = { outcome: 'success', known: PAID } as const

/** By outcome, as the hosted page offers them. */
const CASES: Readonly<Record<string, Case>> = {
  success: { ...PAID, told: 'charged', next: 'return' },
  double_charge: { ...PAID, told: 'charged', next: 'return' },
  cash_on_delivery: {
    ...OPEN,
    provider: 'COD_INITIATED',
    heading: 'Ordered. Pay on delivery',
    told: 'cod_initiated',
    next: 'return',
  },
  pending: { ...OPEN, told: 'pending_vbv', next: 'return', later: LATER_PAID },
  authorizing: { ...OPEN, provider: 'AUTHORIZING', told: 'authorizing', next: 'return', later: LATER_PAID },
  late_success: { ...DECLINED, told: 'authorization_failed', next: 'retry', later: LATER_PAID },
  authentication_failed: {
    ...DECLINED,
    provider: 'AUTHENTICATION_FAILED',
    told: 'authentication_failed',
    next: 'retry',
  },
  authorization_failed: { ...DECLINED, told: 'authorization_failed', next: 'retry' },
  declined: { ...DECLINED, provider: 'JUSPAY_DECLINED', told: 'juspay_declined', next: 'retry' },
  abandon: { ...UNTOUCHED, told: 'backpressed', next: 'cart' },
  leave_at_bank: {
    ...OPEN,
    told: 'user_aborted',
    next: 'return',
    later: {
      outcome: 'authentication_failed',
      known: { ...DECLINED, provider: 'AUTHENTICATION_FAILED' },
    },
  },
  expire: { ...UNTOUCHED, told: 'api_failure', next: 'retry' },
}

const ALL = Object.keys(CASES).flatMap((outcome) =>
  (['iframe', 'redirection'] as const).flatMap((mode) =>
    (['desktop', 'phone'] as const).map((size) => ({ outcome, mode, size })),
  ),
)

const steps = (page: Page) => page.getByRole('region', { name: 'Integration, step by step' })
const step = (page: Page, title: string) =>
  steps(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { level: 3, name: title, exact: true }) })
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 2, name, exact: true })

/** Chooses the mode, presses Pay in the shop and waits for the payment page; tells which order it is about. */
async function openPaymentPage(
  page: Page,
  mode: Mode,
): Promise<{ hosted: Page | FrameLocator; orderRef: string }> {
  await page.getByRole('radio', { name: MODES[mode] }).check()
  await page.getByRole('button', { name: /^Pay ₹/ }).click()
  const hosted = mode === 'iframe' ? page.frameLocator('iframe[title=Payment]') : page
  const order = hosted.locator('dl div').filter({ hasText: 'Order' }).locator('dd')
  await shown(order).toHaveText(/^PD[A-Z2-9]{16}$/)
  return { hosted, orderRef: (await order.textContent()) ?? '' }
}

/** Presses a button of the payment page. */
async function choose(page: Page, hosted: Page | FrameLocator, outcome: string): Promise<void> {
  const button = hosted.locator(`button[value=${outcome}]`)
  await (hosted === page ? button.click() : pressInFrame(page, button))
}

/** Nothing sticks out at the side. */
async function expectItFits(page: Page): Promise<void> {
  const wide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
  for (const frame of page.frames()) expect(await frame.evaluate(wide)).toBeLessThanOrEqual(0)
}

describe('every outcome of the hosted page', () => {
  const stack = useStack()
  beforeAll(async () => {
    // What is open stays open until the test closes it.
    await stack().control('/control/settings', { pendingSeconds: 3_600, lateSuccessSeconds: 3_600 })
  })

  async function expectKnown(orderRef: string, { status, provider }: Known): Promise<void> {
    const { trpc } = await stack().app.as('admin')
    await eventually(`${orderRef} is ${status}`, async () => {
      const order = await trpc.orders.get.query({ orderRefOrId: orderRef })
      expect([order.providerStatus, order.paymentStatus]).toEqual([provider, status])
    })
  }

  async function expectTimeline(page: Page, orderRef: string, { timeline }: Known): Promise<void> {
    await page.goto(`/orders/${orderRef}`)
    await shown(page.getByRole('list', { name: 'Timeline, newest first' })).toContainText(timeline)
  }

  test('is in the list', () => {
    expect(Object.keys(CASES).toSorted()).toEqual(PAGE_OUTCOMES.map(({ id }) => id).toSorted())
  })

  test.for(ALL)('$outcome, $mode, $size', async ({ outcome, mode, size }) => {
    const expected = CASES[outcome]
    if (!expected) throw new Error(`no expectation for ${outcome}`)
    const visit = await stack().visit('developer', { viewport: SIZES[size] })
    visit.allow(/status of 410/) // an expired page says so
    const { page } = visit
    await page.goto('/checkout')
    const { hosted, orderRef } = await openPaymentPage(page, mode)
    if (size === 'phone') {
      // The pressed button was below it.
      if (mode === 'iframe') {
        await shown(page.getByText('Pay below.')).toBeInViewport()
        await shown(page.getByRole('heading', { level: 1, name: 'Demo checkout' })).toBeInViewport()
      }
      await expectItFits(page)
      const box = await hosted.locator(`button[value=${outcome}]`).boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(TOUCH_PX)
    }
    await choose(page, hosted, outcome)
    if (mode === 'redirection' && outcome === 'expire')
      await page.getByRole('link', { name: 'Continue to the shop' }).click()

    if (mode === 'iframe' && expected.next !== 'return') {
      const words = {
        retry: /^The payment (did not go through|page has expired)\./,
        cart: /^You left before paying\./,
      }
      await shown(page.getByText(words[expected.next])).toBeVisible()
      await shown(step(page, 'Status, verified')).toContainText('Done')
    } else {
      const back = new URLSearchParams({ order_id: orderRef, status: expected.status })
      await shown(page).toHaveURL(`/checkout/return?${back.toString()}`)
      await shown(heading(page, expected.heading)).toBeVisible()
      const result = page.getByRole('region', { name: 'Result' })
      await shown(result.getByText(expected.status, { exact: true })).toBeVisible()
    }
    if (mode === 'iframe') await shown(step(page, 'Process')).toContainText(expected.told)
    if (size === 'phone') await expectItFits(page)
    await expectKnown(orderRef, expected)

    if (expected.later) {
      const { later } = expected
      await stack().control(`/control/orders/${orderRef}/attempts`, { attempt: 1, outcome: later.outcome })
      await expectKnown(orderRef, later.known)
      // The return page changes by itself.
      if (mode === 'redirection' || expected.next === 'return')
        await shown(heading(page, later.known.heading)).toBeVisible()
      await expectTimeline(page, orderRef, later.known)
    }
    await expectTimeline(page, orderRef, expected)
  })
})

describe('the customer', () => {
  const stack = useStack()

  async function openShop(): Promise<Page> {
    const { page } = await stack().visit('developer')
    await page.goto('/sandbox')
    await page.getByRole('link', { name: 'Open demo checkout' }).click()
    return page
  }

  test('goes back from the frame with the browser’s button: the SDK says how it ended, the shop stays', async () => {
    const page = await openShop()
    const { orderRef } = await openPaymentPage(page, 'iframe')
    await page.goBack()
    await shown(page.getByText('You left before paying.')).toBeVisible()
    await shown(page).toHaveURL('/checkout')
    await shown(step(page, 'SDK events')).toContainText('Done')
    const { trpc } = await stack().app.as('admin')
    expect(await trpc.orders.get.query({ orderRefOrId: orderRef })).toMatchObject({
      paymentStatus: 'created',
    })
  })

  test('goes back while an attempt is open: nothing is offered again, the page waits for the bank', async () => {
    const page = await openShop()
    const { orderRef } = await openPaymentPage(page, 'iframe')
    await stack().control(`/control/orders/${orderRef}/attempts`, { outcome: 'pending' })
    await page.getByRole('button', { name: 'Leave the payment page' }).click()
    await shown(heading(page, 'We don’t know yet')).toBeVisible()
    await shown(step(page, 'Process')).toContainText('user_aborted')
    await stack().control(`/control/orders/${orderRef}/attempts`, { attempt: 1, outcome: 'success' })
    await shown(heading(page, 'Paid. Thank you')).toBeVisible()
  })

  test('goes back from a page of its own: the shop asks about the order that was left open', async () => {
    const page = await openShop()
    const { orderRef } = await openPaymentPage(page, 'redirection')
    await page.goBack()
    await shown(page).toHaveURL(`/checkout/return?order_id=${orderRef}`)
    await shown(heading(page, 'Not paid')).toBeVisible()
  })

  test('tries again after a failure and after an expired session, on the same order', async () => {
    const page = await openShop()
    const { hosted, orderRef } = await openPaymentPage(page, 'iframe')
    await choose(page, hosted, 'authorization_failed')
    await page.getByRole('button', { name: 'Try again' }).click()
    await shown(hosted.getByText('1 earlier attempt on this order did not succeed')).toBeVisible()
    await choose(page, hosted, 'expire')
    await shown(page.getByText('The payment page has expired.')).toBeVisible()
    await page.getByRole('button', { name: 'Try again' }).click()
    await choose(page, hosted, 'success')
    await shown(page).toHaveURL(`/checkout/return?order_id=${orderRef}&status=charged`)
    await shown(heading(page, 'Paid. Thank you')).toBeVisible()
    const { trpc } = await stack().app.as('admin')
    expect(await trpc.orders.get.query({ orderRefOrId: orderRef })).toMatchObject({ attemptCount: 2 })
  })
})

describe('the panel beside the shop', () => {
  const stack = useStack()

  test('shows each call, payload, signature and event as it happened, over the trip by the server', async () => {
    const { page } = await stack().visit('developer')
    await page.goto('/checkout')
    const { hosted } = await openPaymentPage(page, 'iframe')
    await choose(page, hosted, 'success')
    await shown(heading(page, 'Paid. Thank you')).toBeVisible()
    const all = steps(page).locator('ol > li')
    await shown(all).toHaveText(Array.from({ length: 8 }, () => /Done/))
    const unfold = async (title: string) => {
      await step(page, title)
        .getByText(/^\d+ messages?$/)
        .click()
      return step(page, title)
    }
    const signed = await unfold('Signed payload for Initiate')
    await shown(signed).toContainText('merchantKeyId')
    await shown(signed).toContainText('signaturePayload')
    await shown(await unfold('Order details for Process')).toContainText('clientAuthToken')
    const events = await unfold('SDK events')
    for (const name of ['initiate_result', 'show_loader', 'hide_loader', 'process_result'])
      await shown(events.getByText(name, { exact: true }).first()).toBeVisible()
    await shown(await unfold('Status, verified')).toContainText('CHARGED')
  })

  test('a return address without a signature is said to be worth nothing', async () => {
    const switched = (returnSignature: string) =>
      stack().control('/control/merchants', { merchantId: 'paydeskdemo', returnSignature })
    await switched('unsigned')
    try {
      const { page } = await stack().visit('developer')
      await page.goto('/checkout')
      const { hosted } = await openPaymentPage(page, 'redirection')
      await choose(page, hosted, 'success')
      await shown(page).toHaveURL(/&status=unverified$/)
      await shown(page.getByText('The return address carried no valid signature.')).toBeVisible()
      await shown(heading(page, 'Paid. Thank you')).toBeVisible()
    } finally {
      await switched('signed')
    }
  })

  test('the return URL may be called by POST', async () => {
    const switched = (returnMethod: string) =>
      stack().control('/control/merchants', { merchantId: 'paydeskdemo', returnMethod })
    await switched('POST')
    try {
      const { page } = await stack().visit('developer')
      await page.goto('/checkout')
      const { hosted, orderRef } = await openPaymentPage(page, 'redirection')
      await choose(page, hosted, 'success')
      await shown(page).toHaveURL(`/checkout/return?order_id=${orderRef}&status=charged`)
    } finally {
      await switched('GET')
    }
  })
})
