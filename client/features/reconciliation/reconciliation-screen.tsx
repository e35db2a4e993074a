import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { tellChecked } from '../../lib/check-report.ts'
import { gridState, outcomeOf } from '../../lib/errors.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { orderPath } from '../../lib/order-path.ts'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { renewOrders } from '../../lib/renew-orders.ts'
import { useReturnRow } from '../../lib/return-row.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { confirm } from '../../ui/confirm-store.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import { Money } from '../../ui/money.tsx'
import { Page, PageFooter } from '../../ui/page.tsx'
import { SelectionBar } from '../../ui/selection-bar.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { kindWords, RECON_COLUMNS, reconRowId, type CheckedRow } from './recon-columns.tsx'
import type { ReconKind, ReconResult } from './recon-types.ts'
import { CHECK_MAX, RunRecon } from './run-recon.tsx'
import css from './reconciliation.module.css'

const NONE: ReadonlySet<string> = new Set()
const PAGE_ROWS = 100

const TABS = [
  { id: 'disagree', label: 'Disagree', to: '/reconciliation' },
  { id: 'stale', label: 'Stale', to: '/reconciliation?kind=stale' },
]

type ReconciliationScreenProps = {
  kind: ReconKind
  /** What somebody came for, and that they have it. */
  open: '' | 'run'
  onOpened: () => void
}

/** Orders on which our record and Juspay's differ, and orders that should have been final long ago. */
export function ReconciliationScreen({ kind, open, onOpened }: ReconciliationScreenProps) {
  const navigate = useNavigate()
  const trpc = useTRPC()
  const list = useInfiniteQuery(
    trpc.recon.list.infiniteQueryOptions(
      { kind, limit: PAGE_ROWS },
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor },
    ),
  )
  // What was selected in one tab means nothing in the other.
  const [picked, setPicked] = useState({ kind, ids: NONE })
  const selected = picked.kind === kind ? picked.ids : NONE
  const setSelected = (ids: ReadonlySet<string>) => setPicked({ kind, ids })
  const [results, setResults] = useState<ReadonlyMap<string, ReconResult>>(new Map())
  const { initialRow, remember } = useReturnRow()
  const printedBy = usePrintedBy()
  const rows: CheckedRow[] = (list.data?.pages ?? [])
    .flatMap((page) => page.rows)
    .map((row) => ({ ...row, result: results.get(row.orderId) ?? null }))
  const chosen = rows.filter((row) => selected.has(reconRowId(row)))
  const renew = useRenewRecon()
  const addResults = (found: readonly ReconResult[]) =>
    setResults((before) => new Map([...before, ...found.map((one) => [one.orderId, one] as const)]))

  /** The orders from the top of the list, with further pages as long as they are needed. */
  async function readOrders(max: number): Promise<readonly string[]> {
    let shown: Pick<typeof list, 'data' | 'hasNextPage'> = list
    while (shown.hasNextPage && ordersOf(shown.data).length < max) {
      const next = await list.fetchNextPage()
      if (next.isError) throw next.error
      shown = next
    }
    return ordersOf(shown.data).slice(0, max)
  }

  return (
    <Page title="Reconciliation">
      <TabsBar label="Kinds of disagreement" tabs={TABS} active={kind}>
        <RunRecon
          kind={kind}
          count={list.data ? ordersOf(list.data).length : null}
          more={list.hasNextPage}
          read={readOrders}
          onResults={addResults}
          onEnd={renew}
          wanted={open === 'run'}
          onReached={onOpened}
        />
      </TabsBar>
      <div className={css['grid']}>
        <DataGrid
          key={kind}
          label={kind === 'disagree' ? 'Open discrepancies' : 'Stale orders'}
          columns={RECON_COLUMNS[kind]}
          rows={rows}
          rowId={reconRowId}
          rowLabel={(row) => `${kindWords(row)}, order ${row.orderRef}`}
          state={gridState(list, 'reconciliation')}
          empty={<AllAgree kind={kind} />}
          onOpen={(row, how) => {
            if (how.newTab) window.open(orderPath(row.orderRef), '_blank', 'noopener')
            else void navigate({ to: '/orders/$orderId', params: { orderId: row.orderRef } })
          }}
          onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          loadingMore={list.isFetchingNextPage}
          selected={selected}
          onSelect={setSelected}
          onFocusRow={(row) => remember(row && reconRowId(row))}
          initialRow={initialRow}
          scrollId={`reconciliation-${kind}`}
          printed={{
            // All there are of the kind that the heading names.
            filter: [],
            more: list.hasNextPage,
            asOf: new Date(list.dataUpdatedAt),
            by: printedBy,
          }}
        />
      </div>
      <ReconActions rows={chosen} onClear={() => setSelected(NONE)} onResults={addResults} onEnd={renew} />
      <PageFooter>
        <span>
          {rows.length}
          {list.hasNextPage ? '+' : ''} {kind === 'disagree' ? 'open' : 'stale'}
        </span>
      </PageFooter>
    </Page>
  )
}

type Pages = { pages: readonly { rows: readonly { orderId: string }[] }[] }

/** Each order once, though it may disagree in several ways. */
function ordersOf(data: Pages | undefined): readonly string[] {
  return [...new Set(data?.pages.flatMap((page) => page.rows.map(({ orderId }) => orderId)))]
}

/** Reads again what a check may have changed. */
function useRenewRecon(): () => Promise<unknown> {
  const trpc = useTRPC()
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: trpc.recon.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() }),
      renewOrders(client, trpc),
    ])
}

function AllAgree({ kind }: { kind: ReconKind }) {
  return kind === 'disagree' ? (
    <EmptyState title="No open discrepancies.">
      Our records and Juspay’s agree on every order we asked about.
    </EmptyState>
  ) : (
    <EmptyState title="No stale orders.">Every order that should be final is.</EmptyState>
  )
}

type ReconActionsProps = {
  rows: readonly CheckedRow[]
  onClear: () => void
  onResults: (results: readonly ReconResult[]) => void
  onEnd: () => Promise<unknown>
}

function ReconActions({ rows, onClear, onResults, onEnd }: ReconActionsProps) {
  const trpc = useTRPC()
  const canRun = useCan('recon:run')
  const canResolve = useCan('recon:resolve')
  const run = useMutation(trpc.recon.run.mutationOptions())
  const resolve = useMutation(trpc.recon.resolve.mutationOptions())
  useShortcut(
    rows.length > 0 ? { id: 'recon.clear', keys: 'Escape', label: 'Clear selection', run: onClear } : null,
  )

  const orderIds = [...new Set(rows.map((row) => row.orderId))]
  async function check() {
    try {
      const found = await run.mutateAsync({ orderIds })
      onResults(found)
      tellChecked(found)
    } catch (error) {
      tellActProblem(error)
    } finally {
      await onEnd()
    }
  }

  const [only] = rows
  const discrepancyId = rows.length === 1 ? (only?.discrepancyId ?? null) : null
  async function settle() {
    if (!only || discrepancyId === null) return
    const done = await confirm({
      title: `Resolve "${kindWords(only)}" on order ${only.orderRef}?`,
      facts: [
        { label: 'Order', value: <span className="mono">{only.orderRef}</span> },
        { label: 'Amount', value: <Money value={{ minor: only.amountMinor, currency: only.currency }} /> },
        { label: 'Ours', value: only.ours },
        { label: 'Juspay’s', value: only.theirs },
        { label: 'Found', value: only.detail },
      ],
      next: [
        'It leaves this list. Order and refunds stay as they are.',
        'Your reason goes into the audit log.',
      ],
      requireReason: 'How it was resolved',
      verb: 'Resolve discrepancy',
      run: ({ reason }) => outcomeOf(() => resolve.mutateAsync({ discrepancyId, resolution: reason })),
    })
    if (!done) return
    onClear()
    await onEnd()
  }
  return (
    <SelectionBar
      count={rows.length}
      noun="rows"
      onClear={onClear}
      acts={[
        {
          id: 'recon.check',
          words: 'Check status now',
          shortcut: { keys: 'S', label: 'Check status of the selected orders' },
          busy: run.isPending,
          disabledReason:
            canRun.reason ?? (orderIds.length > CHECK_MAX ? `At most ${CHECK_MAX} orders at once.` : null),
          onPress: () => void check(),
        },
        {
          id: 'recon.resolve',
          words: 'Resolve',
          disabledReason:
            canResolve.reason ??
            (rows.length > 1
              ? 'Each discrepancy needs its own reason. Select one.'
              : discrepancyId === null
                ? 'A stale order has nothing to resolve. Check its status.'
                : null),
          onPress: () => void settle(),
        },
      ]}
    />
  )
}
