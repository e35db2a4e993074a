import { useQuery } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { useRefundReason } from '../../../client/lib/refund-reason.ts'
import { useTRPC } from '../../../client/lib/trpc.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

const USED_UP = 'Your limit is used up today: ₹50,000.00.'
const NOT_CHARGED = 'Order is not charged.'
const IN_DOUBT = 'We do not know yet if another refund was made.'

/** As the frame does for the page in it. */
function Frame() {
  useQuery(useTRPC().session.counts.queryOptions())
  return <Reasons />
}

function Reasons() {
  const reason = useRefundReason()
  return (
    <ul>
      <li>{reason({ currency: 'INR', unrefundable: null }) ?? 'allowed'}</li>
      <li>{reason({ currency: 'INR', unrefundable: 'not_charged' }) ?? 'allowed'}</li>
      <li>{reason({ currency: 'USD', unrefundable: null }) ?? 'allowed'}</li>
      <li>{reason({ currency: 'INR', unrefundable: 'unconfirmed' }) ?? 'allowed'}</li>
      <li>{reason({ currency: 'INR', unrefundable: null, refundBlock: IN_DOUBT }) ?? 'allowed'}</li>
    </ul>
  )
}

async function reasons(role: Role, refundLimit: string | null) {
  const api = fakeApi({
    'session.counts': () => ({
      approvals: 0,
      batches: 0,
      failedEvents: 0,
      discrepancies: 0,
      mentions: 0,
      refundLimit,
    }),
  })
  const screen = await render(
    <TestApp role={role} api={api}>
      <Frame />
    </TestApp>,
  )
  return () =>
    screen
      .getByRole('listitem')
      .elements()
      .map((line) => line.textContent)
}

test('a limit that is used up is the reason where the order has none, in its own currency', async () => {
  await expect
    .poll(await reasons('finance', USED_UP))
    .toEqual([USED_UP, NOT_CHARGED, 'allowed', USED_UP, IN_DOUBT])
})

test('a role that may not ask for refunds is the first reason', async () => {
  const denied = 'Your role (Viewer) cannot request refunds.'
  await expect.poll(await reasons('viewer', null)).toEqual([denied, denied, denied, denied, denied])
})
