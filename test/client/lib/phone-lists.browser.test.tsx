/** Lists of work on a phone: every row in two lines, with nothing that has to be scrolled to sideways. */
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BulkBatchScreen } from '../../../client/features/bulk-refunds/bulk-batch-screen.tsx'
import { BulkListScreen } from '../../../client/features/bulk-refunds/bulk-list-screen.tsx'
import type { BulkSampleRow } from '../../../client/features/bulk-refunds/bulk-types.ts'
import { FailedEventsScreen } from '../../../client/features/events/failed-events-screen.tsx'
import type { FailedRow } from '../../../client/features/events/failed-view.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { batchOf, reviewOf, rowOf } from '../bulk-refunds/bulk-fixtures.ts'
import { eventRow } from '../events/event-rows.ts'
import { NowhereRouter } from '../nowhere-router.tsx'

const AT = new Date('2026-11-22T09:00:00Z')
const WIDTH = 390

beforeEach(() => page.viewport(WIDTH, 844))
afterEach(() => page.viewport(1280, 800))

async function cards(label: string, screen: ReactNode, answers: Parameters<typeof fakeApi>[0]) {
  const { getByRole } = await render(
    <TestApp role="approver" api={fakeApi(answers)}>
      <NowhereRouter>{screen}</NowhereRouter>
    </TestApp>,
  )
  const grid = getByRole('grid', { name: label })
  await expect.element(grid.getByRole('rowheader').first()).toBeVisible()
  for (const part of [document.documentElement, grid.element().parentElement])
    expect(part?.scrollWidth).toBeLessThanOrEqual(WIDTH)
  return grid
    .getByRole('rowheader')
    .elements()
    .map(({ textContent }) => textContent)
}

test('failed events', async () => {
  const row: FailedRow = {
    ...eventRow(1, { status: 'failed', orderRef: 'ord_1' }),
    reason: 'database_busy',
    nextTryAt: null,
    stopsAt: null,
    setAside: null,
  }
  const found = await cards('Failed events', <FailedEventsScreen search={{ view: 'open', reason: '' }} />, {
    'failedEvents.list': () => ({ rows: [row], nextCursor: null }),
    'failedEvents.groups': () => ({ groups: [], capped: false, setAside: 1 }),
    'events.health': () => ({ lastReceivedAt: AT, rejected: [] }),
  })
  expect(found).toEqual([expect.stringMatching(/Waitingord_1Database busy/)])
})

test('batches of refunds', async () => {
  const batch = batchOf({ name: 'refunds_of_november_from_the_warehouse_in_the_north.csv' })
  const found = await cards('Bulk refunds', <BulkListScreen onOpen={vi.fn()} onNew={vi.fn()} />, {
    'bulk.list': () => ({ rows: [batch], nextCursor: null }),
  })
  expect(found).toEqual([expect.stringMatching(/^₹2,999\.97.*ReadyBatch 0012refunds_of_november.*22 Nov/)])
})

test('the rows of a batch', async () => {
  const batch = batchOf({ status: 'finished_failures', submittedAt: AT })
  const row = rowOf({
    outcome: 'failed',
    remark: 'The customer’s bank has closed the account it was paid from.',
  })
  const found = await cards(
    'Rows of the batch',
    <BulkBatchScreen batchId={batch.id} view="all" onMade={vi.fn()} />,
    { 'bulk.get': () => batch, 'bulk.rows': () => ({ rows: [row], nextCursor: null }) },
  )
  expect(found).toEqual([expect.stringMatching(/^₹150\.00.*Failedord_8F2KThe customer’s bank.*Row 4/)])
})

test('the rows an approver looks at', async () => {
  const batch = batchOf({ status: 'waiting_approval', submittedAt: AT, own: false })
  const row: BulkSampleRow = {
    n: 4,
    orderRef: 'ord_8F2K',
    orderId: '00000000-0000-4000-8000-0000000000b1',
    amountMinor: 15_000n,
    paidMinor: 20_000n,
    gateway: 'PAYU',
    reason: 'goodwill',
    note: 'It arrived late, and one of the two bottles was broken.',
    warnings: 0,
  }
  const found = await cards(
    'Largest rows',
    <BulkBatchScreen batchId={batch.id} view="auto" onMade={vi.fn()} />,
    {
      'bulk.get': () => batch,
      'bulk.review': () => reviewOf(),
      'bulk.rows': () => ({ rows: [], nextCursor: null }),
      'bulk.sample': () => ({ largest: [row], random: [] }),
    },
  )
  expect(found).toEqual([expect.stringMatching(/^₹150\.00.* of ₹200\.00.*PAYUord_8F2KIt arrived.*Goodwill/)])
})
