import { useState } from 'react'
import { expect, test } from 'vitest'
import type { RefundRow } from '../../../client/features/refunds/refund-types.ts'
import { DEFAULT_REFUND_SEARCH } from '../../../client/features/refunds/refund-views.ts'
import { useRefundList } from '../../../client/features/refunds/use-refund-list.ts'
import { fakeApi } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'
import { openStanding, testStanding, type Wire } from '../standing-list.tsx'
import { refund } from './refund-row.ts'

function row(n: number, change: Partial<RefundRow> = {}): RefundRow {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  return refund({ id, refundId: id, requestId: null, orderRef: `ord_${n}`, status: 'pending', ...change })
}

function List() {
  const [view, setView] = useState(DEFAULT_REFUND_SEARCH.view)
  const { rows, newer, changed } = useRefundList({ ...DEFAULT_REFUND_SEARCH, view }, () => 0)
  const words = rows.map(({ id, orderRef, status }) => `${orderRef} ${status}${changed.has(id) ? '!' : ''}`)
  return (
    <>
      <button onClick={() => setView(DEFAULT_REFUND_SEARCH.view)}>First tab</button>
      <button onClick={() => setView('failed')}>Failed</button>
      <output aria-label="List">{`${words.join(', ')}; ${newer} new`}</output>
    </>
  )
}

async function open(wire: Wire) {
  let rows = [row(2), row(1)]
  const api = fakeApi({
    'refunds.list': () => ({ rows, nextCursor: null, asOf: new Date() }),
    'refunds.rows': (input) => rows.filter(({ id }) => JSON.stringify(input).includes(id)),
  })
  const change = () => {
    // What happened last stands first.
    rows = [row(1, { status: 'succeeded' }), row(3), row(2)]
  }
  return { api, ...(await openStanding({ api, role: 'finance', wire, List, change })) }
}

const CAUGHT_UP = 'ord_2 pending, ord_1 succeeded!; 1 new'

testStanding(open, CAUGHT_UP)

test('whoever comes back from another tab finds the rows where they were, up to date', async () => {
  const { api, list, screen } = await open(fakeLive().wire)
  await screen.getByRole('button', { name: 'Failed' }).click()
  await expect.element(list).toHaveTextContent('ord_1 succeeded, ord_3 pending, ord_2 pending; 0 new')
  await screen.getByRole('button', { name: 'First tab' }).click()
  await expect.element(list).toHaveTextContent(CAUGHT_UP)
  // The rows around, and what is newer; not the pages anew.
  const whole = api.calls.filter(({ path, input }) => path === 'refunds.list' && !('cursor' in Object(input)))
  expect(whole).toHaveLength(2)
})

test('nor does a row far from those in sight stay as it was', async () => {
  const far = Array.from({ length: 700 }, (_, i) => row(1_000 + i))
  let rows = [row(2), row(1), ...far]
  const api = fakeApi({
    'refunds.list': () => ({ rows, nextCursor: null, asOf: new Date() }),
    'refunds.rows': (input) => rows.filter(({ id }) => JSON.stringify(input).includes(id)),
  })
  const change = () => {
    rows = rows.map((one) => (one.orderRef === 'ord_1699' ? row(1_699, { status: 'failed' }) : one))
  }
  const wire = fakeLive().wire
  const says = (last: string) =>
    `${['ord_2', 'ord_1', ...far.slice(0, -1).map(({ orderRef }) => orderRef)].join(' pending, ')} pending, ${last}; 0 new`
  const { list, show } = await openStanding({
    api,
    role: 'finance',
    wire,
    List,
    change,
    start: says('ord_1699 pending'),
  })
  await show(false)
  await show(true)
  await expect.element(list).toHaveTextContent(says('ord_1699 failed!'))
})

test('however many refunds change at once, none moves and the list is not read again', async () => {
  const { wire, hear } = fakeLive()
  const { api, list } = await open(wire)
  const subject = 'refund' as const
  const many = Array.from({ length: 150 }, (_, i) => `00000000-0000-4000-9000-${String(i).padStart(12, '0')}`)
  const changes = [row(1).id, ...many].map((subjectId) => ({ subject, subjectId, at: new Date() }))
  hear({ kind: 'batch', events: [], renewed: [], changes })
  await expect.element(list).toHaveTextContent(CAUGHT_UP)
  expect(api.calls.filter(({ path }) => path === 'refunds.list').map(({ input }) => input)).toEqual([
    expect.objectContaining({ limit: 100 }),
    expect.objectContaining({ limit: 100, cursor: null }),
  ])
})
