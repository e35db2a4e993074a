/** What the dialog says when the answer is no, is lost, or the order moves underneath it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { setPreference } from '../../../client/lib/preferences.ts'
import { fill, open, ORDER_ID, preview, refused, row, sent } from './refund-dialog-page.tsx'

beforeEach(() => {
  sessionStorage.clear()
  setPreference('refundReason', '')
})
afterEach(() => vi.useRealTimers())

describe('a refusal', () => {
  test('about the amount stands beside the amount, and goes when it is changed', async () => {
    const { screen } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => refused('amount_exceeds_left', 'Only ₹1,000.00 is left.'),
    })
    await fill(screen, '1500')
    await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
    const amount = screen.getByLabelText('Amount', { exact: true })
    await expect.element(amount).toHaveAccessibleDescription(/Only ₹1,000\.00 is left\. Use less\./)
    await expect.element(amount).toHaveAttribute('aria-invalid', 'true')
    await amount.fill('900')
    await expect.element(amount).not.toHaveAttribute('aria-invalid')
  })

  test('for want of a second step leads to where it is set up; the form is kept', async () => {
    const { screen } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => refused('second_factor_needed', 'Set up a second step of your sign-in first.'),
    })
    await fill(screen, '1500')
    await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
    await expect
      .element(screen.getByRole('link', { name: 'Set it up now' }))
      .toHaveAttribute('href', '/security')
    await expect.element(screen.getByLabelText('Amount', { exact: true })).toHaveValue('1,500.00')
  })

  test('because nobody confirmed says that nothing was done, and the same gesture can be sent again', async () => {
    let answers = 0
    const { screen, asked } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () =>
        answers++ === 0 ? refused('step_up_needed', 'Confirm that it is you.') : sent,
    })
    await fill(screen, '1500')
    const button = screen.getByRole('button', { name: /^Refund ₹1,500.00/ })
    await button.click()
    await expect.element(screen.getByText('You did not confirm that it is you.')).toBeVisible()
    await button.click()
    await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toBeVisible()
    const keys = asked().map(({ input }) => Reflect.get(Object(input), 'clientKey'))
    expect(new Set(keys).size).toBe(1)
  })
})

describe('an answer that is lost', () => {
  test('is asked for after 2, 5, 10, 20 and 30 seconds, then every minute, and never sent again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const { calls, asked } = await open(
      {
        'refunds.preview': () => preview,
        'refunds.request': () => new Error('network'),
        'refunds.byKey': () => new Error('network'),
      },
      { sent: true },
    )
    const lookups = () => calls.filter((call) => call.path === 'refunds.byKey').length
    const after: number[] = []
    for (let second = 1; second <= 187; second++) {
      const before = lookups()
      await vi.advanceTimersByTimeAsync(1_000)
      if (lookups() > before) after.push(second)
    }
    expect(after).toEqual([2, 7, 17, 37, 67, 127, 187])
    expect(asked()).toHaveLength(0)
  })

  test('offers to check now or to close, and nothing that would send', async () => {
    const { screen, onClose } = await open(
      { 'refunds.preview': () => preview, 'refunds.byKey': () => new Error('network') },
      { sent: true },
    )
    await expect.element(screen.getByText("We don't know yet if this refund was made.")).toBeVisible()
    const buttons = screen.getByRole('dialog').getByRole('button').elements()
    expect(buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent)).toEqual([
      'Close',
      'Close and keep checking',
      'Check now',
    ])
    await screen.getByRole('button', { name: 'Close and keep checking' }).click()
    expect(onClose).toHaveBeenCalledOnce()
    // The key is kept: whoever opens the form again asks about this refund before another can be made.
    expect(sessionStorage.getItem(`paydesk.refund.${ORDER_ID}`)).toContain('"sent":true')
  })
})

test('an end that only a webhook tells of is called neither done nor failed', async () => {
  const told = {
    ...row,
    status: 'succeeded',
    confirming: true,
    where: 'A webhook says that it was paid back',
  }
  const { screen } = await open({
    'refunds.preview': () => preview,
    'refunds.request': () => ({ request: told, refund: told, message: '' }),
    'refunds.byKey': () => ({ request: told, refund: told, message: '' }),
  })
  await fill(screen, '1500')
  await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
  await expect
    .element(screen.getByRole('heading', { name: 'Refund sent, confirming with Juspay' }))
    .toBeVisible()
  await expect.element(screen.getByText(/A webhook says that it was paid back\./)).toBeVisible()
})

test('a second tab with the same form finds what the first one made of it', async () => {
  const { screen, asked } = await open({
    'refunds.preview': () => preview,
    'refunds.request': () => refused('key_reused', 'This form was already used for another refund.'),
    'refunds.byKey': () => sent,
  })
  await fill(screen, '1500')
  await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
  await screen.getByRole('button', { name: 'Check now' }).click()
  await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toBeVisible()
  expect(asked()).toHaveLength(1)
})

test('nothing is promised about a refund that is not taken, whether Juspay answers or not', async () => {
  const block = { code: 'unconfirmed', message: 'Juspay has not confirmed the money of this order.' }
  const { screen } = await open({
    'refunds.preview': () => ({ ...preview, block }),
    'health.provider': () => ({ state: 'down', since: new Date() }),
  })
  await expect.element(screen.getByText(/^Juspay is not answering \(since \d\d:\d\d\)\.$/)).toBeVisible()
  await expect.element(screen.getByText('No refund can be made now.')).toBeVisible()
  await expect.element(screen.getByText(/are queued/)).not.toBeInTheDocument()
})

test('whoever is about to refund is told that Juspay does not answer, and may go on', async () => {
  const { screen, asked } = await open({
    'refunds.preview': () => preview,
    'refunds.request': () => sent,
    'refunds.byKey': () => sent,
    'health.provider': () => ({ state: 'down', since: new Date() }),
  })
  await expect
    .element(screen.getByText(/^Juspay is not answering \(since \d\d:\d\d\)\.New refunds are queued/))
    .toBeVisible()
  await fill(screen, '1500')
  await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
  await expect.element(screen.getByRole('heading', { name: 'Refund on its way' })).toBeVisible()
  expect(asked()).toHaveLength(1)
})

describe('while it is sent', () => {
  test('the seconds are counted, and closing asks first', async () => {
    const { screen, onClose } = await open({
      'refunds.preview': () => preview,
      'refunds.request': () => new Promise(() => {}),
    })
    await fill(screen, '1500')
    await screen.getByRole('button', { name: /^Refund ₹1,500.00/ }).click()
    await expect.element(screen.getByText('Sending to our server…')).toBeVisible()
    await expect.element(screen.getByText('1 s', { exact: true })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.element(screen.getByRole('alert')).toMatchTextContent(/A refund is being sent\. Stay/)
    expect(onClose).not.toHaveBeenCalled()
    await screen.getByRole('button', { name: 'Stay' }).click()
    await screen.getByRole('button', { name: 'Cancel' }).click()
    await screen.getByRole('button', { name: 'Leave' }).click()
    expect(onClose).toHaveBeenCalledOnce()
  })
})

describe('the form', () => {
  test('begins with the reason of the last refund, and is not asked about when it is closed untouched', async () => {
    setPreference('refundReason', 'item_returned')
    const { screen, onClose } = await open({ 'refunds.preview': () => preview })
    await expect.element(screen.getByLabelText('Reason')).toHaveValue('item_returned')
    await userEvent.keyboard('{Escape}')
    expect(onClose).toHaveBeenCalledOnce()
  })

  test('a block says why instead of offering a form', async () => {
    const block = { code: 'refund_in_doubt', message: 'We do not know yet if another refund was made.' }
    const { screen } = await open({ 'refunds.preview': () => ({ ...preview, block }) })
    await expect.element(screen.getByText(/We do not know yet if another refund was made/)).toBeVisible()
    expect(screen.getByLabelText('Amount', { exact: true }).elements()).toEqual([])
    expect(screen.getByRole('button', { name: /^Refund/ }).elements()).toEqual([])
  })

  test('tells who took of what was left while it was open', async () => {
    let left = 749_900n
    const { screen, client } = await open({
      'refunds.preview': () => ({ ...preview, leftMinor: left }),
      'refunds.byOrder': () => [
        {
          amountMinor: 400_000n,
          requestedAt: new Date(Date.now() + 1_000),
          requestedBy: { name: 'Rohan Das' },
        },
      ],
    })
    await expect.element(screen.getByLabelText('Amount', { exact: true })).toHaveValue('7,499.00')
    left = 349_900n
    await client.invalidateQueries()
    await expect.element(screen.getByText('Changed since you opened this.')).toBeVisible()
    await expect
      .element(screen.getByText(/Rohan Das asked for ₹4,000\.00 at .*\. ₹3,499\.00 is left now\./))
      .toBeVisible()
  })
})
