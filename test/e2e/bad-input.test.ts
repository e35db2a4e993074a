import { describe, expect, test } from 'vitest'
import { DEMO_WEBHOOK } from '../../server/demo.ts'
import { eventually, shown, useStack } from '../support/e2e.ts'

describe('bad input gets a clear message and loses nothing', () => {
  const stack = useStack()

  test('a filter with a mistake is explained, kept, and repaired with one press; the rows stay', async () => {
    const orderRef = await stack().order('640.00')
    const small = await stack().order('64.00')
    const { page } = await stack().visit('finance')
    const row = (text: string) => page.getByRole('row').filter({ hasText: text })
    await page.goto('/transactions')
    await shown(row(orderRef)).toBeVisible()
    const filter = page.getByRole('combobox', { name: 'Filter transactions' })
    await filter.fill('amout:>500')
    await filter.press('Enter')
    await shown(page.getByRole('alert')).toContainText('amout is not a filter. Did you mean amount?')
    await shown(filter).toHaveValue('amout:>500')
    await shown(row(small)).toBeVisible()
    await shown(row(small)).toHaveAttribute('data-stale', 'true')
    await page.getByRole('button', { name: 'Use amount' }).click()
    await shown(page.getByRole('alert')).toHaveCount(0)
    await shown(row(small)).toHaveCount(0)
    await shown(row(orderRef)).toBeVisible()
    await shown(row(orderRef)).not.toHaveAttribute('data-stale')
  })

  test('an address with a broken filter shows no rows rather than too many', async () => {
    const orderRef = await stack().order('650.00')
    const { page } = await stack().visit('finance')
    await page.goto('/transactions?q=status%3Anonsense&t=gibberish&sort=sideways')
    await shown(page.getByRole('alert')).toContainText('nonsense')
    await shown(page.getByRole('combobox', { name: 'Filter transactions' })).toHaveValue('status:nonsense')
    await shown(page.getByRole('row').filter({ hasText: orderRef })).toHaveCount(0)
    await shown(
      page.getByText('Ignored an unknown time range: gibberish. Ignored an unknown sort order: sideways.'),
    ).toBeVisible()
  })

  test('an order, a refund and an event that nobody knows say so', async () => {
    const visit = await stack().visit('admin')
    visit.allow(/status of 40[04]/)
    const { page } = visit
    await page.goto('/orders/%3Cscript%3Ealert(1)%3C%2Fscript%3E')
    await shown(page.getByText('No order <script>alert(1)</script> in this account.')).toBeVisible()
    await page.getByRole('link', { name: 'Search all time' }).click()
    await shown(page.getByRole('heading', { level: 1, name: 'Transactions' })).toBeVisible()
    await page.goto(`/refunds/${crypto.randomUUID()}`)
    await shown(page.getByText('No such refund in this account.')).toBeVisible()
    await page.goto('/events/not-an-id')
    await shown(page.getByText('No such event in this account.')).toBeVisible()
    await page.goto('/no/such/page')
    await shown(page.getByRole('link', { name: /Transactions/ }).first()).toBeVisible()
  })

  test('a refund of a bad amount cannot be sent, says why, and keeps what was typed', async () => {
    const orderRef = await stack().order('900.00')
    const { page } = await stack().visit('finance')
    await page.goto(`/orders/${orderRef}/refund`)
    const dialog = page.getByRole('dialog')
    const amount = dialog.getByLabel('Amount')
    await dialog.getByLabel('Note for approver').fill('Typed before the amount was right')
    const bad = [
      ['', /amount/i],
      ['0', /more than|at least|positive|zero/i],
      ['-5', /amount/i],
      ['12.345', /decimal|paise|amount/i],
      ['nine hundred', /amount/i],
      ['900.01', /left to refund/],
    ] as const
    for (const [typed, reason] of bad) {
      await amount.fill(typed)
      const send = dialog.getByRole('button', { name: /^Refund/ })
      await shown(send).toBeDisabled()
      await shown(send).toHaveAccessibleDescription(reason)
      await page.keyboard.press('Control+Enter')
    }
    await shown(dialog.getByLabel('Note for approver')).toHaveValue('Typed before the amount was right')
    await page.reload()
    await shown(dialog.getByLabel('Note for approver')).toHaveValue('Typed before the amount was right')
    await shown(amount).toHaveValue('900.01')
    const { trpc } = await stack().app.as('finance')
    const order = await trpc.orders.get.query({ orderRefOrId: orderRef })
    expect(await trpc.refunds.byOrder.query({ orderId: order.id })).toEqual([])
  })

  test('a webhook that is no JSON is answered 200, kept as it came, and listed as failed with its reason', async () => {
    const body = '{"event_name":"ORDER_SUCCEEDED","content":'
    const reply = await fetch(`${stack().app.url}/webhooks/juspay/demo`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${DEMO_WEBHOOK.username}:${DEMO_WEBHOOK.password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body,
    })
    expect(reply.status).toBe(200)
    const { trpc } = await stack().app.as('ops')
    const eventId = await eventually('the event is listed as failed', async () => {
      const id = (await trpc.failedEvents.list.query({})).rows[0]?.id
      expect(id).toBeDefined()
      return id ?? ''
    })
    const { page } = await stack().visit('ops')
    await page.goto(`/events/${eventId}?tab=body`)
    await shown(page.getByText(body)).toBeVisible()
    await shown(page.getByText('Stopped').first()).toBeVisible()
  })

  test('a wrong password is refused in words, and the address stays typed', async () => {
    const visit = await stack().visit(null)
    visit.allow(/status of 401/)
    const { page } = visit
    await page.goto('/approvals')
    await shown(page).toHaveURL(/sign-in\?next=/)
    await page.getByLabel('Work email').fill('finance@demo.test')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await shown(page.locator('form')).toContainText(/password/i)
    await shown(page.getByLabel('Work email')).toHaveValue('finance@demo.test')
    await page.getByLabel('Password').fill('paydesk-demo')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await shown(page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible()
  })
  test.each([
    ['at once', 0],
    ['a minute later, when the page asks who it is', 60_000],
  ])('whoever was at work is told %s that their session ended; a stranger is not', async (_when, laterMs) => {
    const ended = 'You were signed out. Sign in to continue.'
    const visit = await stack().visit('ops')
    visit.allow(/status of 401/)
    const { page } = visit
    await page.goto('/transactions')
    await shown(page.getByRole('heading', { level: 1, name: 'Transactions' })).toBeVisible()
    await visit.context.clearCookies()
    await page.clock.setFixedTime(Date.now() + laterMs)
    // By keys: a question of the page itself may have found out before, and then there is no link to press.
    await page.keyboard.type('gf')
    await shown(page.getByText(ended)).toBeVisible()

    const stranger = await stack().visit(null)
    await stranger.page.goto('/transactions')
    await shown(stranger.page.getByLabel('Work email')).toBeVisible()
    await shown(stranger.page.getByText(ended)).toHaveCount(0)
  })
})
