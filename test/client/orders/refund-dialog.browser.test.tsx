import { beforeEach, describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { fill, open, ORDER_ID, preview, refused, row, sent } from './refund-dialog-page.tsx'

beforeEach(() => sessionStorage.clear())

describe('the form', () => {
  test('begins with all that is left, selected, and title and button follow the amount', async () => {
    const { screen } = await open({ 'refunds.preview': () => preview })
    const amount = screen.getByLabelText('Amount', { exact: true })
    await expect.element(amount).toHaveValue('7,499.00')
    await expect.element(amount).toHaveFocus()
    await userEvent.keyboard('2500')
    await expect.element(screen.getByRole('heading', { name: 'Refund ₹2,500.00 to S. Iyer?' })).toBeVisible()
    await expect.element(screen.getByRole('button', { name: /Send for approval, ₹2,500.00/ })).toBeVisible()
    await amount.fill('1500')
    await expect.element(screen.getByRole('button', { name: /^Refund ₹1,500.00/ })).toBeVisible()
  })

  test('more than is left is not sent, and says what is left', async () => {
    const { screen, asked } = await open({ 'refunds.preview': () => preview })
    await fill(screen, '7499.01')
    const button = screen.getByRole('button', { name: /₹7,499.01/ })
    await expect.element(button).toHaveAttribute('aria-disabled', 'true')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    expect(asked()).toHaveLength(0)
  })

  test('the same amount again has to be typed again', async () => {
    const sameAmountRecently = { amountMinor: 150_000n, at: new Date(), by: 'Rohan Das' }
    const { screen, asked } = await open({
      'refunds.preview': () => ({ ...preview, sameAmountRecently }),
      'refunds.request': () => sent,
    })
    await fill(screen, '1500')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    expect(asked()).toHaveLength(0)
    await screen.getByLabelText('Type the amount again').fill('1500')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toHaveFocus()
    expect(asked()[0]?.input).toMatchObject({ confirmSameAmount: true, amountMinor: 150_000n, version: 3 })
  })
})

describe('an order that was charged twice', () => {
  const attempt = (number: number, leftMinor: bigint) => ({
    txnRef: `shop-ORD-1-${number}`,
    number,
    chargedMinor: 749_900n,
    leftMinor,
    destination: number === 1 ? 'UPI through Razorpay' : 'Visa ··4242 through PayU',
    at: new Date(),
    stop: null,
  })
  const choice = {
    attempts: [attempt(1, 749_900n), attempt(2, 150_000n)],
    usual: 'shop-ORD-1-2',
    why: 'The order was charged twice. Attempt 2 is the later charge, so it is the surplus one.',
  }

  test('gives back the later charge unless another is chosen, and says why', async () => {
    const { screen, asked } = await open({
      'refunds.preview': () => ({ ...preview, leftMinor: 899_900n, choice }),
      'refunds.request': () => sent,
    })
    const select = screen.getByLabelText('Attempt to give back')
    await expect.element(select).toHaveValue('shop-ORD-1-2')
    await expect.element(screen.getByText(choice.why)).toBeVisible()
    await expect.element(screen.getByText('Visa ··4242 through PayU', { exact: true })).toBeVisible()
    const amount = screen.getByLabelText('Amount', { exact: true })
    await expect.element(amount).toHaveValue('1,500.00')
    await select.selectOptions('shop-ORD-1-1')
    await expect.element(amount).toHaveValue('7,499.00')
    await expect.element(screen.getByText('UPI through Razorpay', { exact: true })).toBeVisible()
    await select.selectOptions('shop-ORD-1-2')
    await screen.getByLabelText('Reason').selectOptions('item_returned')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toHaveFocus()
    expect(asked()[0]?.input).toMatchObject({ txnRef: 'shop-ORD-1-2', amountMinor: 150_000n })
  })

  test('nobody is asked where there is one charge', async () => {
    const { screen, asked } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => sent,
    })
    await fill(screen, '1500')
    await expect.element(screen.getByLabelText('Attempt to give back')).not.toBeInTheDocument()
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toHaveFocus()
    expect(asked()[0]?.input).toMatchObject({ txnRef: null })
  })
})

describe('one gesture, one request', () => {
  test('a double press sends once', async () => {
    let answer: (value: unknown) => void = () => {}
    const { screen, asked } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => new Promise((resolve) => (answer = resolve)),
    })
    await fill(screen, '1500')
    await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).dblClick()
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(screen.getByText('Sending to our server…')).toBeVisible()
    expect(asked()).toHaveLength(1)
    answer(sent)
    await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toBeVisible()
  })

  test('a reload keeps the form and its key', async () => {
    const first = await open({ 'refunds.preview': () => preview })
    await fill(first.screen, '1500')
    const kept = sessionStorage.getItem(`paydesk.refund.${ORDER_ID}`)
    await first.screen.unmount()
    const second = await open({ 'refunds.preview': () => preview, 'refunds.request': () => sent })
    await expect.element(second.screen.getByLabelText('Amount', { exact: true })).toHaveValue('1500')
    await second.screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
    await expect.element(second.screen.getByRole('heading', { name: 'Refund on its way' })).toBeVisible()
    const [request] = second.asked()
    expect(kept).toContain(String(Reflect.get(Object(request?.input), 'clientKey')))
  })

  test('a request for approval says until when it can be decided', async () => {
    const request = {
      ...row,
      status: 'waiting_approval',
      uniqueRequestId: null,
      expiresAt: new Date('2026-11-24T06:30:00Z'),
    }
    const { screen } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => ({ request, refund: null, message: 'Sent for approval to Rohan Das.' }),
    })
    await fill(screen, '2500')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(screen.getByRole('heading', { name: 'Waiting for approval' })).toBeVisible()
    await expect.element(screen.getByText('Expires')).toBeVisible()
    await expect.element(screen.getByText(/24 Nov 2026/)).toBeVisible()
  })

  test('the result goes on with the refund: on its way, then nobody knows', async () => {
    let now: unknown = sent
    const { screen, client } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => sent,
      'refunds.byKey': () => now,
    })
    await fill(screen, '1500')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toHaveFocus()
    expect(screen.getByText('Expires').elements()).toEqual([])
    now = { ...sent, refund: { ...row, status: 'unknown' } }
    await client.invalidateQueries()
    const heading = screen.getByRole('heading', { name: /know yet if this refund was made/ })
    await expect.element(heading).toHaveFocus()
    await expect.element(screen.getByText(/Do not refund again until it is clear/)).toBeVisible()
  })

  test('a lost answer is unknown, never a failure, and is looked up by the same key', async () => {
    const { screen, calls, asked } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => new Error('network'),
      'refunds.byKey': () => sent,
    })
    await fill(screen, '1500')
    await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
    await expect.element(screen.getByText("We don't know yet if this refund was made.")).toBeVisible()
    await expect.element(screen.getByRole('button', { name: /^Refund ₹/ })).not.toBeInTheDocument()
    await screen.getByRole('button', { name: 'Check now' }).click()
    await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toBeVisible()
    const lookup = calls.find((call) => call.path === 'refunds.byKey')
    expect(asked()).toHaveLength(1)
    expect(Reflect.get(Object(lookup?.input), 'clientKey')).toBe(
      Reflect.get(Object(asked()[0]?.input), 'clientKey'),
    )
  })

  test('a form that was sent before a reload asks what became of it before anything else', async () => {
    const draft = {
      clientKey: '0123456789abcdef',
      amount: '1500',
      reason: 'item_returned',
      note: '',
      sent: true,
    }
    sessionStorage.setItem(`paydesk.refund.${ORDER_ID}`, JSON.stringify(draft))
    const { screen, asked } = await open({ 'refunds.preview': () => preview, 'refunds.byKey': () => null })
    await expect.element(screen.getByText("We don't know yet if this refund was made.")).toBeVisible()
    await screen.getByRole('button', { name: 'Check now' }).click()
    await expect.element(screen.getByText('Nothing was sent.')).toBeVisible()
    expect(asked()).toHaveLength(0)
    await expect.element(screen.getByLabelText('Amount', { exact: true })).toHaveValue('1500')
  })

  test('a refusal brings the form back with its reason', async () => {
    const { screen } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => refused('amount_exceeds_left', 'Only ₹1,000.00 is left.'),
    })
    await fill(screen, '1500')
    await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
    await expect.element(screen.getByText('Only ₹1,000.00 is left. Use less.')).toBeVisible()
    await expect.element(screen.getByLabelText('Amount', { exact: true })).toHaveValue('1,500.00')
  })
})
