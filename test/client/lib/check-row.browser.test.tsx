import { useQuery } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { useTRPC } from '../../../client/lib/trpc.ts'
import { useCheckRow } from '../../../client/lib/use-check-status.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

const ORDER = { id: '00000000-0000-4000-8000-000000000001', orderRef: 'ORD1' }

function List() {
  const trpc = useTRPC()
  const total = useQuery(trpc.orders.total.queryOptions({ q: '' }))
  const { checkRow } = useCheckRow()
  return (
    <>
      <p>Orders: {total.data?.count}</p>
      <button type="button" onClick={() => void checkRow(ORDER)}>
        Check
      </button>
    </>
  )
}

test('a check is told, and what is shown of orders is asked for again', async () => {
  let count = 23
  const api = fakeApi({
    'orders.total': () => ({ count, exact: true }),
    'orders.checkStatus': () => {
      count = 22
      return {
        outcome: 'changed',
        message: '',
        changes: [],
        status: { was: 'Pending', is: 'Charged' },
        checkedAt: new Date('2026-11-22T09:11:07Z'),
        retryAt: null,
      }
    },
  })
  const screen = await render(
    <TestApp role="support" api={api}>
      <List />
    </TestApp>,
  )
  await expect.element(screen.getByText('Orders: 23')).toBeInTheDocument()
  await screen.getByRole('button', { name: 'Check' }).click()
  await expect.element(screen.getByText('ORD1: Now charged. Was pending.')).toBeInTheDocument()
  await expect.element(screen.getByText('Orders: 22')).toBeInTheDocument()
})
