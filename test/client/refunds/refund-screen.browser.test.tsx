import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { RefundScreen } from '../../../client/features/refunds/refund-screen.tsx'
import { RefundsScreen } from '../../../client/features/refunds/refunds-screen.tsx'
import { DEFAULT_REFUND_SEARCH } from '../../../client/features/refunds/refund-views.ts'
import type { RefundDetail } from '../../../client/features/refunds/refund-types.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'
import { ASKED, ID, refund } from './refund-row.ts'

async function detail(answer: unknown, role: Role = 'finance') {
  const onGo = vi.fn()
  const api = fakeApi({ 'refunds.get': () => answer, 'refunds.calls': () => [] })
  const screen = await render(
    <TestApp api={api} role={role}>
      <RefundScreen id={ID} onGo={onGo} />
    </TestApp>,
  )
  return { screen, onGo }
}

test('the sentence for the customer is in the language chosen last, and marked as that language', async () => {
  const { screen } = await detail(refund())
  await expect.element(screen.getByText('We refunded ₹2,500.00 on 22 Nov.')).toHaveAttribute('lang', 'en')
  await screen.getByRole('radio', { name: 'Hindi' }).click()
  await expect.element(screen.getByText('हमने ₹2,500.00 वापस कर दिए हैं।')).toHaveAttribute('lang', 'hi')
  await expect.element(screen.getByRole('button', { name: 'Copy the Hindi sentence' })).toBeVisible()
  await screen.unmount()
  const again = await detail(refund())
  await expect.element(again.screen.getByRole('radio', { name: 'Hindi' })).toBeChecked()
  await again.screen.getByRole('radio', { name: 'English' }).click()
})

test('a pending refund tells its clocks', async () => {
  const clock = {
    place: 'gateway',
    overdueInQueue: false,
    reviewAt: new Date('2026-12-02T09:00:00Z'),
    daysToReview: 3,
    expectedAt: new Date('2026-12-01T09:00:00Z'),
    workingDays: 8,
    late: true,
  } as const
  const { screen } = await detail(refund({ status: 'pending', where: 'Late', settledAt: null, clock }))
  const section = screen.getByRole('region', { name: 'Where it is' })
  await expect
    .element(section)
    .toMatchTextContent(/it has been 8.*With the gateway.*Juspay reviews it.*in 3 days/)
})

test('the bank reference can be copied', async () => {
  const { screen } = await detail(refund())
  await expect.element(screen.getByRole('button', { name: 'Copy ARN 74321987650123456789012' })).toBeVisible()
})

test('a rejected request stops at its second step and promises the customer nothing', async () => {
  const steps: RefundDetail['steps'] = [
    { name: 'Asked', at: ASKED, by: 'Asha Menon' },
    { name: 'Approved', at: null, by: null },
    { name: 'Sent', at: null, by: null },
    { name: 'With customer', at: null, by: null },
  ]
  const { screen } = await detail(
    refund({ status: 'rejected', steps, tellCustomer: null, settledAt: null, sentAt: null }),
  )
  const line = screen.getByRole('list', { name: 'Steps of the refund' })
  await expect.element(line.getByRole('listitem').nth(1)).toMatchTextContent(/^Rejected.*Rohan Das$/)
  await expect.element(line.getByRole('listitem').nth(2)).toMatchTextContent(/Not sent/)
  await expect.element(screen.getByText('Nothing: nothing was refunded by this request.')).toBeVisible()
})

test.each(['succeeded', 'failed'] as const)(
  'a refund of which only a webhook says that it %s has not come to its last step',
  async (status) => {
    const steps = refund().steps.map((step) => (step.name === 'With customer' ? { ...step, at: null } : step))
    const where = 'A webhook says so. Confirming with Juspay'
    const { screen } = await detail(refund({ status, steps, where, confirming: true }))
    const last = screen.getByRole('list', { name: 'Steps of the refund' }).getByRole('listitem').nth(3)
    await expect.element(last).toMatchTextContent(/With customer.*Confirming with Juspay$/)
    await expect.element(screen.getByText(where)).toBeVisible()
    await expect.element(screen.getByText('Confirming', { exact: true })).toBeVisible()
  },
)

const RETRY = { blockedReason: null, notBefore: null }

test('a failed refund is tried again after a dialog that says so, and only when it may be', async () => {
  const failed = refund({ status: 'failed', errorMessage: 'Account closed.', retry: RETRY })
  const { screen } = await detail(failed)
  await expect.element(screen.getByRole('alert')).toMatchTextContent(/Account closed\./)
  await userEvent.keyboard('r')
  const dialog = screen.getByRole('dialog', { name: 'Ask again for ₹2,500.00?' })
  await expect.element(dialog).toMatchTextContent(/First try.*PD7F3A19.*Account closed.*never sent again/)
  await expect.element(dialog.getByRole('button', { name: 'Ask again for ₹2,500.00' })).toBeVisible()
})

test('a refund that failed moments ago says when it can be tried again', async () => {
  const reason = 'It failed moments ago. It can be tried again in 12 minutes.'
  const { screen } = await detail(refund({ status: 'failed', retry: { ...RETRY, blockedReason: reason } }))
  await expect.element(screen.getByRole('button', { name: 'Try again' })).toHaveAccessibleDescription(reason)
})

test('a role that may not ask sees why on the button', async () => {
  const { screen, onGo } = await detail(refund({ status: 'failed', retry: RETRY }), 'viewer')
  const button = screen.getByRole('button', { name: 'Try again' })
  await expect.element(button).toHaveAccessibleDescription('Your role (Viewer) cannot request refunds.')
  await userEvent.keyboard('r')
  expect(onGo).not.toHaveBeenCalled()
})

test('a refund of another account is said to be missing', async () => {
  const { screen } = await detail(new Refused('NOT_FOUND', 'not_found', 'There is no such refund.'))
  await expect.element(screen.getByText('No such refund in this account.')).toBeVisible()
})

test('the list searches a moment after typing and keeps its tab', async () => {
  const onSearch = vi.fn()
  const api = fakeApi({
    'refunds.list': () => ({ rows: [refund()], nextCursor: null, asOf: new Date() }),
    'refunds.ageing': () => [],
  })
  const screen = await render(
    <TestApp api={api} role="viewer">
      <div style={{ height: 400 }}>
        <RefundsScreen
          search={{ ...DEFAULT_REFUND_SEARCH, view: 'done' }}
          onSearch={onSearch}
          onOpen={() => {}}
        />
      </div>
    </TestApp>,
  )
  await expect
    .element(screen.getByRole('link', { name: /Refund PD7F3A19 of 2,500 rupees, succeeded$/ }))
    .toHaveAttribute('href', `/refunds/${ID}`)
  await screen.getByRole('combobox', { name: 'Find refunds' }).fill(' ord_8F ')
  await expect.poll(() => onSearch.mock.calls).toEqual([[{ q: 'ord_8F' }]])
  expect(api.calls.find(({ path }) => path === 'refunds.list')?.input).toMatchObject({ view: 'done', q: '' })
})
