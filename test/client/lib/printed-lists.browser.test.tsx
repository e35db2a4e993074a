/** Lists of work on paper: what stands above their rows. */
import type { ReactNode } from 'react'
import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BulkBatchScreen } from '../../../client/features/bulk-refunds/bulk-batch-screen.tsx'
import type { BulkBatch } from '../../../client/features/bulk-refunds/bulk-types.ts'
import type { BulkView } from '../../../client/features/bulk-refunds/bulk-views.ts'
import { FailedEventsScreen } from '../../../client/features/events/failed-events-screen.tsx'
import type { FailedRow, FailedSearch } from '../../../client/features/events/failed-view.ts'
import { RefundsScreen } from '../../../client/features/refunds/refunds-screen.tsx'
import { DEFAULT_REFUND_SEARCH } from '../../../client/features/refunds/refund-views.ts'
import { ReconciliationScreen } from '../../../client/features/reconciliation/reconciliation-screen.tsx'
import { StaffScreen } from '../../../client/features/staff/staff-screen.tsx'
import { DEFAULT_STAFF_SEARCH } from '../../../client/features/staff/staff-search.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { batchOf, reviewOf, rowOf } from '../bulk-refunds/bulk-fixtures.ts'
import { eventRow } from '../events/event-rows.ts'
import { beginPrint, linesOnPaper, sheet } from '../on-paper.ts'
import { NowhereRouter } from '../nowhere-router.tsx'
import { reconRow } from '../reconciliation/recon-row.ts'
import { refund } from '../refunds/refund-row.ts'
import { person } from '../staff/person.ts'

const AT = new Date('2026-11-22T09:00:00Z')
const BY = expect.stringMatching(/^As of .* IST\. Printed by Rohan Das for Demo, sandbox\.$/)

async function printed(screen: ReactNode, answers: Parameters<typeof fakeApi>[0]) {
  await render(
    <TestApp role="admin" api={fakeApi(answers)}>
      <NowhereRouter>{screen}</NowhereRouter>
    </TestApp>,
  )
  await beginPrint()
  return linesOnPaper()
}

test.each<[Partial<FailedSearch>, string[]]>([
  [{}, ['Failed events', 'Filter: none', '1 row']],
  [{ reason: 'database_busy' }, ['Failed events', 'Filter: Reason: Database busy', '1 row']],
  [{ view: 'ignored' }, ['Ignored events', 'Filter: none', '1 row']],
])('failed events, %j', async (search, lines) => {
  const row: FailedRow = {
    ...eventRow(1, { status: 'failed' }),
    reason: 'database_busy',
    nextTryAt: null,
    stopsAt: null,
    setAside: null,
  }
  const found = await printed(<FailedEventsScreen search={{ view: 'open', reason: '', ...search }} />, {
    'failedEvents.list': () => ({ rows: [row], nextCursor: null }),
    'failedEvents.groups': () => ({ groups: [], capped: false, setAside: 1 }),
    'events.health': () => ({ lastReceivedAt: AT, rejected: [] }),
  })
  expect(found).toEqual([...lines, BY])
})

test.each(['disagree', 'stale'] as const)('orders that %s', async (kind) => {
  const row = reconRow({ discrepancyId: null, kind: 'stale' })
  const found = await printed(<ReconciliationScreen kind={kind} open="" onOpened={() => {}} />, {
    'recon.list': () => ({ rows: [row], nextCursor: null }),
  })
  expect(found).toEqual([
    kind === 'disagree' ? 'Open discrepancies' : 'Stale orders',
    'Filter: none',
    '1 row',
    BY,
  ])
})

test('refunds, as of when the server read them', async () => {
  const search = { ...DEFAULT_REFUND_SEARCH, view: 'done' as const }
  const found = await printed(<RefundsScreen search={search} onSearch={() => {}} onOpen={() => {}} />, {
    'refunds.list': () => ({ rows: [refund()], nextCursor: null, asOf: AT }),
    'refunds.ageing': () => [],
  })
  expect(found.at(-1)).toBe('As of 22 Nov 2026, 14:30:00 IST. Printed by Rohan Das for Demo, sandbox.')
})

test('people, with what they were looked for by', async () => {
  const search = { ...DEFAULT_STAFF_SEARCH, q: 'support' }
  const found = await printed(<StaffScreen search={search} onSearch={() => {}} />, {
    'users.list': () => [person(), person({ id: 'c2', name: 'Ravi Rao', role: 'ops' })],
  })
  expect(found).toEqual(['People', 'Filter: support', '1 row', BY])
})

/** Prints one view of a batch. */
function printedBatch(batch: BulkBatch, view: BulkView) {
  return printed(<BulkBatchScreen batchId={batch.id} view={view} onMade={vi.fn()} />, {
    'bulk.get': () => batch,
    'bulk.review': () => reviewOf(),
    'bulk.rows': () => ({ rows: [rowOf()], nextCursor: null }),
  })
}

test('a run of bulk refunds says what came of it and who is behind it, as of the server’s time', async () => {
  const batch = batchOf({
    status: 'finished_failures',
    reason: 'goodwill',
    submittedBy: 'Asha Menon',
    submittedAt: new Date('2026-11-22T09:05:00Z'),
    decidedBy: 'Priya Shah',
    decidedAt: new Date('2026-11-22T09:10:00Z'),
    decisionNote: 'As agreed with the warehouse.',
    finishedAt: new Date('2026-11-22T09:20:00Z'),
    released: 3,
    outcomes: { ...batchOf().outcomes, succeeded: 1, failed: 2 },
    asOf: new Date('2026-11-22T09:30:00Z'),
  })
  expect(await printedBatch(batch, 'failed')).toEqual([
    'Batch 0012',
    'Filter: Failed',
    '1 row',
    'As of 22 Nov 2026, 15:00:00 IST. Printed by Rohan Das for Demo, sandbox.',
  ])
  const facts = [...(sheet()?.querySelectorAll('dl > div') ?? [])].map(({ children }) =>
    [...children].map(({ textContent }) => textContent),
  )
  expect(facts).toEqual([
    ['State', 'Finished with failures'],
    ['Refunds', '3 refunds, ₹2,999.97'],
    ['File', 'returns.csv'],
    ['Made by', 'Rohan Das, 22 Nov 2026, 14:30:00 IST'],
    ['Reason for all', 'Goodwill'],
    ['Asked for by', 'Asha Menon, 22 Nov 2026, 14:35:00 IST'],
    ['Approved by', 'Priya Shah, 22 Nov 2026, 14:40:00 IST'],
    ['They wrote', 'As agreed with the warehouse.'],
    ['Finished', '22 Nov 2026, 14:50:00 IST'],
    ['Sent', '3 of 3'],
    ['Succeeded', '1'],
    ['Failed', '2'],
  ])
})

test('a batch that was not asked for yet prints without what has not happened, and without its buttons', async () => {
  await page.viewport(1280, 800)
  await printedBatch(batchOf(), 'all')
  const facts = [...(sheet()?.querySelectorAll('dt') ?? [])].map(({ textContent }) => textContent)
  expect(facts).toEqual(['State', 'Refunds', 'File', 'Made by'])
  const headers = [...(sheet()?.querySelectorAll('th[scope=col]') ?? [])].map(
    ({ textContent }) => textContent,
  )
  expect(headers).toEqual(['Row', 'Order', 'Amount', 'State', 'Why'])
})
