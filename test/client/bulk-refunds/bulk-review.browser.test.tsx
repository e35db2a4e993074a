/** The review of a batch: what stands in the way of sending it, and that it is sent as it was read. */
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BulkReviewPanel } from '../../../client/features/bulk-refunds/bulk-review.tsx'
import type { BulkBatch, BulkReview } from '../../../client/features/bulk-refunds/bulk-types.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'
import { batchOf, reviewOf } from './bulk-fixtures.ts'

const SEND = 'Send for approval, ₹2,999.97'

type Shown = { batch?: Partial<BulkBatch>; review?: Partial<BulkReview>; role?: Role; answer?: unknown }

async function review({ batch = {}, review: change = {}, role = 'finance', answer }: Shown = {}) {
  const shown = batchOf(batch)
  const api = fakeApi({
    'bulk.review': () => reviewOf(change),
    'bulk.submit': () => answer ?? batchOf({ status: 'submitting' }),
    'bulk.dropErrors': () => shown,
    'bulk.acceptRows': () => shown,
  })
  const screen = await render(
    <TestApp api={api} role={role}>
      <BulkReviewPanel batch={shown} />
    </TestApp>,
  )
  const send = screen.getByRole('button', { name: SEND })
  await expect.element(send).toBeVisible()
  const inputOf = (path: string) => api.calls.find((call) => call.path === path)?.input
  return { screen, send, inputOf }
}

test('is sent with the total typed, the reason and the note, by keys alone', async () => {
  const { screen, send, inputOf } = await review()
  await expect.element(send).toHaveAccessibleDescription(/Type the total first/)
  await screen.getByLabelText('Reason for all').selectOptions('goodwill')
  await expect.element(send).toHaveAccessibleDescription(/note/i)
  await screen.getByLabelText(/^Note for approver/).fill('Late by a week')
  const total = screen.getByLabelText('Type the total to continue')
  await total.fill('2999.96')
  await expect.element(screen.getByText('Total must be ₹2,999.97.')).toBeVisible()
  await total.fill('₹2,999.97')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect
    .poll(() => inputOf('bulk.submit'))
    .toEqual({
      batchId: batchOf().id,
      typedTotal: '₹2,999.97',
      reason: 'goodwill',
      note: 'Late by a week',
      confirmSameFile: false,
    })
})

test('rows that must be fixed or looked at come first, each with its way out', async () => {
  const { screen, send, inputOf } = await review({
    batch: { rows: { unchecked: 0, ok: 1, warning: 3, error: 2, dropped: 0, accepted: 1 } },
  })
  await expect.element(send).toHaveAccessibleDescription(/Look at the marked rows first/)
  await screen.getByRole('button', { name: 'Drop all 2' }).click()
  expect(inputOf('bulk.dropErrors')).toEqual({ batchId: batchOf().id })
  await screen.getByRole('button', { name: 'Keep all 2' }).click()
  expect(inputOf('bulk.acceptRows')).toEqual({ batchId: batchOf().id, n: null, accepted: true })
})

test.each([
  [{ overLimit: 'Only ₹10.00 is left of your limit for today, ₹50.00.' }, /Only ₹10\.00 is left/],
  [{ approvers: [] }, /Nobody else here can approve/],
  [{ totals: { ...reviewOf().totals, rows: 0 } }, /No row of this batch can be refunded/],
])('%#: what nobody can type away keeps it from being sent, and says why', async (change, why) => {
  const { screen, send } = await review({ review: change })
  await screen.getByLabelText('Type the total to continue').fill('2999.97')
  await expect.element(send).toHaveAccessibleDescription(why)
  await expect.element(send).toHaveAttribute('aria-disabled', 'true')
})

test('a file that was sent before is sent again only by somebody who says so', async () => {
  const sameFile = { id: batchOf().id, no: 7, status: 'finished' as const, at: new Date('2026-11-20') }
  const { screen, send, inputOf } = await review({
    review: { sameFile },
    answer: new Refused(
      'PRECONDITION_FAILED',
      'confirmation_needed',
      'This file was sent before as batch 7.',
    ),
  })
  await screen.getByLabelText('Type the total to continue').fill('2999.97')
  await send.click()
  await expect.element(screen.getByText('This file was sent before as batch 7.')).toBeVisible()
  await screen.getByLabelText('These refunds are to be made a second time').click()
  await expect.element(screen.getByLabelText('Type the total to continue')).toHaveValue('2999.97')
  expect(inputOf('bulk.submit')).toMatchObject({ confirmSameFile: false })
})

test('who may not send batches reads the same review and is told so', async () => {
  const { send } = await review({ role: 'viewer' })
  await expect.element(send).toHaveAttribute('aria-disabled', 'true')
})

test('the totals name gateways and days as people write them, each with rows and money', async () => {
  const { screen } = await review()
  const named = (label: string) =>
    screen.getByText(label, { exact: true }).element().parentElement?.textContent
  expect(named('PayU')).toBe('PayU3 · ₹2,999.97')
  expect(named('20 Nov 2026')).toBe('20 Nov 20263 · ₹2,999.97')
})
