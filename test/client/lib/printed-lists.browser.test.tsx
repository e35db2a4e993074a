/** Lists of work on paper: what stands above their rows. */
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { FailedEventsScreen } from '../../../client/features/events/failed-events-screen.tsx'
import type { FailedRow, FailedSearch } from '../../../client/features/events/failed-view.ts'
import type { ReconRow } from '../../../client/features/reconciliation/recon-types.ts'
import { RefundsScreen } from '../../../client/features/refunds/refunds-screen.tsx'
import { DEFAULT_REFUND_SEARCH } from '../../../client/features/refunds/refund-views.ts'
import { ReconciliationScreen } from '../../../client/features/reconciliation/reconciliation-screen.tsx'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { eventRow } from '../events/event-rows.ts'
import { beginPrint, linesOnPaper } from '../on-paper.ts'
import { refund } from '../refunds/refund-row.ts'

const AT = new Date('2026-11-22T09:00:00Z')
const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() })
const BY = expect.stringMatching(/^As of .* IST\. Printed by Rohan Das for Demo, sandbox\.$/)

async function printed(screen: ReactNode, answers: Parameters<typeof fakeApi>[0]) {
  await render(
    <TestApp role="admin" api={fakeApi(answers)}>
      <RouterContextProvider router={router}>{screen}</RouterContextProvider>
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
  const row: ReconRow = {
    orderId: 'o1',
    discrepancyId: null,
    orderRef: 'ord_1',
    amountMinor: 10_000n,
    currency: 'INR',
    displayStatus: 'pending',
    providerStatus: 'STARTED',
    kind: 'stale',
    detail: '',
    ours: null,
    theirs: null,
    since: AT,
    lastCheckedAt: null,
  }
  const found = await printed(<ReconciliationScreen kind={kind} />, {
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
