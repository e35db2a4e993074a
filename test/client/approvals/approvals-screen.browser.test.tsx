import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ApprovalsScreen, type ApprovalSearch } from '../../../client/features/approvals/approvals-screen.tsx'
import type {
  ApprovalCheck,
  ApprovalRow,
  DecidedRefund,
} from '../../../client/features/approvals/approval-types.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, Refused, sessionOf, TestApp } from './fake-api.tsx'

const HASH = 'a'.repeat(64)

function request(change: Partial<ApprovalRow> = {}): ApprovalRow {
  return {
    requestId: '00000000-0000-4000-8000-0000000000a1',
    orderId: '00000000-0000-4000-8000-0000000000b1',
    orderRef: 'ord_8F2K',
    amountMinor: 250_000n,
    currency: 'INR',
    paidMinor: 1_299_900n,
    leftAfterMinor: 499_900n,
    attempt: null,
    destination: 'Mastercard ··8210 through Cashfree',
    reason: 'Item returned',
    note: 'Returned sealed.',
    requestedBy: { id: '00000000-0000-4000-8000-0000000000c1', name: 'Asha Menon' },
    requestedAt: new Date(Date.now() - 360_000),
    expiresAt: new Date(Date.now() + 86_400_000),
    status: 'pending_approval',
    approvalHash: HASH,
    orderVersion: 3,
    canDecide: true,
    blockedReason: null,
    policyReason: 'Refunds over ₹2,000.00 need approval.',
    decidedBy: null,
    decidedAt: null,
    decisionNote: null,
    commentCount: 0,
    ...change,
  }
}

const decidedByPriya: Partial<DecidedRefund> = {
  status: 'sending',
  decidedBy: { name: 'Priya Shah' },
  decidedAt: new Date('2026-11-22T09:11:07Z'),
}

const question = {
  id: 'c1',
  author: { id: 'u2', name: 'Priya Shah' },
  text: 'Is the seal unbroken?',
  at: new Date(),
  mine: false,
}

type Setup = {
  rows?: ApprovalRow[]
  decide?: unknown
  role?: Role
  search?: ApprovalSearch
  checks?: ApprovalCheck[]
}

const IN_ORDER: ApprovalCheck[] = [
  { id: 'charged', level: 'ok', text: 'Order is charged.' },
  { id: 'week', level: 'warn', text: '2 other refunds to this customer this week, ₹3,000.00.' },
]

function inboxApi({ rows = [request()], decide, checks = IN_ORDER }: Setup) {
  const api = fakeApi({
    'session.counts': () => ({
      approvals: rows.length,
      batches: 0,
      failedEvents: 0,
      discrepancies: 0,
      refundLimit: null,
    }),
    'approvals.list': () => ({ rows, nextCursor: null }),
    'approvals.get': () => ({ row: rows[0], checks, checkedAt: new Date() }),
    'approvals.decide': (input) =>
      (typeof decide === 'function' ? Reflect.apply(decide, null, [input]) : decide) ?? {
        message: 'Approved. ₹2,500.00 is being sent to Juspay.',
      },
    'approvals.comments': () => [question],
    'approvals.comment': () => [question],
    'approvals.withdraw': () => ({ message: 'Withdrawn. Nothing will be refunded.' }),
    'refunds.byOrder': () => [],
    'refunds.get': () => decidedByPriya,
    'orders.timeline': () => ({ entries: [], nextCursor: null }),
  })
  const sent = (path: string) => api.calls.filter((call) => call.path === path).map((call) => call.input)
  return { api, sent }
}

async function inbox({ role = 'approver', search, ...served }: Setup = {}) {
  const onShow = vi.fn()
  const { api, sent } = inboxApi(served)
  const screen = await render(
    <TestApp api={api} role={role}>
      <ApprovalsScreen search={search ?? { tab: 'waiting', id: request().requestId }} onShow={onShow} />
    </TestApp>,
  )
  return { screen, onShow, sent }
}

test('A restates amount, order and destination, and sends the hash of what was shown', async () => {
  const { screen, sent, onShow } = await inbox()
  await expect.element(screen.getByRole('button', { name: 'Approve ₹2,500.00' })).toBeVisible()
  await userEvent.keyboard('a')
  const dialog = screen.getByRole('dialog', { name: 'Approve the refund of ₹2,500.00 for order ord_8F2K?' })
  await expect.element(dialog).toMatchTextContent(/Mastercard ··8210 through Cashfree/)
  await expect.element(dialog).toMatchTextContent(/cannot be cancelled/)
  expect(sent('approvals.decide')).toEqual([])
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect
    .poll(() => sent('approvals.decide'))
    .toEqual([{ requestId: request().requestId, approvalHash: HASH, decision: 'approve', note: null }])
  await expect.poll(() => onShow.mock.calls).toEqual([[null]])
})

test('the button under the facts decides at once', async () => {
  const { screen, sent, onShow } = await inbox()
  await screen.getByRole('button', { name: 'Approve ₹2,500.00' }).click()
  await expect
    .poll(() => sent('approvals.decide'))
    .toEqual([{ requestId: request().requestId, approvalHash: HASH, decision: 'approve', note: null }])
  expect(screen.getByRole('dialog').elements()).toEqual([])
  await expect.poll(() => onShow.mock.calls).toEqual([[null]])
})

test('a double click approves one, although the next takes its place at once', async () => {
  const next = request({ requestId: '00000000-0000-4000-8000-0000000000a2', orderRef: 'ord_9K3L' })
  const { api, sent } = inboxApi({ rows: [request(), next] })
  function Inbox() {
    const [search, setSearch] = useState<ApprovalSearch>({ tab: 'waiting', id: request().requestId })
    return <ApprovalsScreen search={search} onShow={(id) => setSearch({ tab: 'waiting', id })} />
  }
  const screen = await render(
    <TestApp api={api} role="approver">
      <Inbox />
    </TestApp>,
  )
  const approve = screen.getByRole('button', { name: 'Approve ₹2,500.00' })
  await approve.click()
  await expect.element(screen.getByRole('heading', { name: /for order ord_9K3L/ })).toHaveFocus()
  // The second half of a double click that the answer was faster than.
  approve.element().dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 2 }))
  expect(sent('approvals.decide')).toHaveLength(1)
  await approve.click()
  await expect.poll(() => sent('approvals.decide')).toHaveLength(2)
})

test('what came of it is told beside the button when it was not done', async () => {
  const decide = new Refused('BAD_GATEWAY', 'provider_unavailable', 'Juspay does not answer.')
  const { screen, onShow } = await inbox({ decide })
  await screen.getByRole('button', { name: 'Approve ₹2,500.00' }).click()
  await expect.element(screen.getByText('Juspay does not answer.')).toBeVisible()
  expect(onShow).not.toHaveBeenCalled()
})

test('checks are lines with a sign, and one that stops it locks the button with its reason', async () => {
  const stop: ApprovalCheck = {
    id: 'left',
    level: 'block',
    text: 'Refunds made elsewhere leave ₹30.00 less.',
  }
  const { screen, sent } = await inbox({ checks: [...IN_ORDER, stop] })
  const list = screen.getByRole('list', { name: 'Checks' })
  await expect.element(list).toMatchTextContent(/Look twice: 2 other refunds to this customer this week/)
  await expect.element(list).toMatchTextContent(/Stops it: Refunds made elsewhere/)
  const button = screen.getByRole('button', { name: 'Approve ₹2,500.00' })
  await expect.element(button).toHaveAttribute('aria-disabled', 'true')
  await expect.element(button).toHaveAccessibleDescription('Refunds made elsewhere leave ₹30.00 less.')
  await userEvent.keyboard('a')
  expect(sent('approvals.decide')).toEqual([])
  // To reject is still possible.
  await userEvent.keyboard('n')
  await expect.element(screen.getByRole('dialog', { name: /^Reject/ })).toBeVisible()
  await screen.getByRole('button', { name: 'Cancel' }).click()
})

test('Shift+A marks, and what is marked is approved by one confirmation that lists it', async () => {
  const { screen, sent } = await inbox()
  await expect.element(screen.getByRole('button', { name: 'Approve ₹2,500.00' })).toBeVisible()
  await userEvent.keyboard('{Shift>}A{/Shift}')
  const bar = screen.getByRole('group', { name: 'Bulk actions' })
  await expect.element(bar).toMatchTextContent(/1.*selected.*₹2,500\.00/)
  await bar.getByRole('button', { name: 'Approve 1 refund' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Approve 1 refund, ₹2,500.00 in all?' })
  await expect.element(dialog).toMatchTextContent(/ord_8F2K.*₹2,500\.00/)
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect.poll(() => sent('approvals.decide')).toHaveLength(1)
})

test('a request above the limit for approving together is not marked', async () => {
  const { screen } = await inbox({ rows: [request({ amountMinor: 1_000_001n })] })
  await expect.element(screen.getByRole('button', { name: /^Approve ₹/ })).toBeVisible()
  await userEvent.keyboard('{Shift>}A{/Shift}')
  expect(screen.getByRole('group', { name: 'Bulk actions' }).elements()).toEqual([])
})

test('a question is asked without deciding, and shown with its author', async () => {
  const { screen, sent } = await inbox({ rows: [request({ commentCount: 1 })] })
  await expect.element(screen.getByText('Is the seal unbroken?')).toBeVisible()
  await screen.getByRole('button', { name: 'Ask a question' }).click()
  await screen.getByLabelText('Your question to Asha Menon').fill('Which shelf?')
  await screen.getByRole('button', { name: 'Send' }).click()
  await expect
    .poll(() => sent('approvals.comment'))
    .toEqual([{ requestId: request().requestId, text: 'Which shelf?' }])
  expect(sent('approvals.decide')).toEqual([])
})

test('N needs a reason and sends it', async () => {
  const { screen, sent } = await inbox()
  await expect.element(screen.getByRole('button', { name: /^Reject/ })).toBeVisible()
  await userEvent.keyboard('n')
  await expect.element(screen.getByRole('button', { name: 'Reject refund' })).toHaveAttribute('aria-disabled')
  await screen.getByLabelText('Reason for rejecting').fill('Not returned yet')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect
    .poll(() => sent('approvals.decide'))
    .toEqual([
      { requestId: request().requestId, approvalHash: HASH, decision: 'reject', note: 'Not returned yet' },
    ])
})

test('who comes too late is told who was faster', async () => {
  const decide = new Refused('CONFLICT', 'already_decided', 'This request was already approved.')
  const { screen, onShow } = await inbox({ decide })
  await expect.element(screen.getByRole('button', { name: 'Approve ₹2,500.00' })).toBeVisible()
  await userEvent.keyboard('a')
  await expect.element(screen.getByRole('dialog')).toBeVisible()
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect
    .element(screen.getByRole('alert'))
    .toMatchTextContent(/Priya Shah approved this request on 22 Nov, 14:41:07 IST\./)
  await screen.getByRole('button', { name: 'Cancel' }).click()
  expect(onShow).not.toHaveBeenCalled()
})

test('an own request cannot be decided, says why, and can be withdrawn', async () => {
  const why = 'You asked for this refund, so someone else must approve it.'
  const own = request({ requestedBy: sessionOf('admin').user, canDecide: false, blockedReason: why })
  const { screen, sent } = await inbox({ rows: [own], role: 'admin' })
  await expect
    .element(screen.getByRole('button', { name: 'Approve ₹2,500.00' }))
    .toHaveAttribute('aria-disabled')
  await expect.element(screen.getByText(why).first()).toBeVisible()
  await userEvent.keyboard('a')
  expect(screen.getByRole('dialog').elements()).toEqual([])
  await userEvent.keyboard('w')
  await expect.element(screen.getByRole('dialog', { name: /^Withdraw your request/ })).toBeVisible()
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect.poll(() => sent('approvals.withdraw')).toEqual([{ requestId: own.requestId, note: null }])
})

test('a request that has left the box says how it ended', async () => {
  const { screen } = await inbox({ rows: [] })
  await expect.element(screen.getByText(/Priya Shah approved this request/)).toBeVisible()
})

test('an empty inbox says so', async () => {
  const { screen } = await inbox({ rows: [], search: { tab: 'waiting', id: null } })
  await expect.element(screen.getByText('No refunds waiting for you.')).toBeVisible()
})

test('how many wait is for those who decide; others have the list alone', async () => {
  const deciding = await inbox()
  await expect.element(deciding.screen.getByRole('link', { name: /Waiting\s*1/ })).toBeVisible()
  await deciding.screen.unmount()
  const looking = await inbox({ role: 'viewer' })
  await expect.element(looking.screen.getByRole('link', { name: /^Waiting$/ })).toBeVisible()
})
