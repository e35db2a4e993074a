import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'
import { formatMoney, toDecimal } from '../../../server/domain/money.ts'
import { bulkPath, readyRows } from '../../lib/batch-progress.ts'
import { gridState } from '../../lib/errors.ts'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { PageScroll } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { rowCard, rowColumns, rowSpoken } from './bulk-columns.tsx'
import { printedFacts } from './bulk-printed.ts'
import { BulkRowDialog } from './bulk-row-dialog.tsx'
import type { BulkBatch, BulkRow } from './bulk-types.ts'
import type { BulkView } from './bulk-views.ts'
import { batchTitle, toFix } from './bulk-words.ts'
import { runAct, useBulkActs } from './use-bulk-acts.ts'
import css from './bulk.module.css'

const PAGE_ROWS = 100

type Tab = { id: Exclude<BulkView, 'auto'>; label: string; count: number }

type BulkRowsProps = {
  batch: BulkBatch
  view: BulkView
  /** A view of its own before the others, which is shown first. */
  lead?: { label: string; content: ReactNode }
}

/** The rows of a batch under the views that matter in its state. */
export function BulkRows({ batch, view, lead }: BulkRowsProps) {
  const trpc = useTRPC()
  const can = useCan('refund:bulk')
  const [open, setOpen] = useState<number | null>(null)
  const tabs = tabsOf(batch)
  const leads = lead !== undefined && view === 'auto'
  const shown = view === 'auto' ? startView(batch) : view
  const tab = tabs.find(({ id }) => id === shown)
  const { timeZone } = useKit()
  const printedBy = usePrintedBy()
  const list = useInfiniteQuery(
    trpc.bulk.rows.infiniteQueryOptions(
      { batchId: batch.id, view: shown, limit: PAGE_ROWS },
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor },
    ),
  )
  const rows = (list.data?.pages ?? []).flatMap((page) => page.rows)
  const editable = batch.status === 'ready' && can.allowed
  const columns = useMemo(
    () =>
      rowColumns(
        batch.currency,
        editable
          ? (row) => (
              <RowActs batchId={batch.id} currency={batch.currency} row={row} onEdit={() => setOpen(row.n)} />
            )
          : null,
      ),
    [batch.id, batch.currency, editable],
  )
  const card = useMemo(() => rowCard(batch.currency), [batch.currency])
  const opened = rows.find(({ n }) => n === open)
  return (
    <>
      <TabsBar
        label="Rows of the batch"
        active={leads ? 'auto' : shown}
        tabs={[
          ...(lead ? [{ id: 'auto', label: lead.label, to: bulkPath(batch.id) }] : []),
          ...tabs.map(({ id, label, count }) => ({
            id,
            label,
            to: `${bulkPath(batch.id)}?view=${id}`,
            count: count.toLocaleString('en-IN'),
          })),
        ]}
      />
      {leads ? <PageScroll flush>{lead.content}</PageScroll> : null}
      <div className={css['grid']} hidden={leads}>
        <DataGrid
          key={shown}
          label="Rows of the batch"
          columns={columns}
          card={card}
          rows={rows}
          rowId={(row) => String(row.n)}
          rowLabel={rowSpoken}
          state={gridState(list, 'the rows of this batch')}
          empty={<EmptyState title="No rows here." />}
          total={tab?.count}
          onOpen={(row) => setOpen(row.n)}
          onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          loadingMore={list.isFetchingNextPage}
          scrollId={`bulk-${batch.id}-${shown}`}
          printed={{
            title: batchTitle(batch),
            facts: printedFacts(batch, timeZone),
            filter: [shown === 'all' || !tab ? '' : tab.label],
            more: list.hasNextPage,
            total: tab?.count.toLocaleString('en-IN') ?? null,
            asOf: batch.asOf,
            by: printedBy,
          }}
        />
      </div>
      {opened ? (
        <BulkRowDialog
          key={opened.n}
          batch={batch}
          row={opened}
          editable={editable}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  )
}

/** What needs a look first. */
function startView(batch: BulkBatch): Tab['id'] {
  if (batch.status !== 'ready') return 'all'
  if (batch.rows.error > 0) return 'errors'
  return toFix(batch) > 0 ? 'warnings' : 'all'
}

function tabsOf(batch: BulkBatch): Tab[] {
  const { rows, outcomes, total } = batch
  const all: Tab = { id: 'all', label: 'All', count: total }
  if (batch.submittedAt === null)
    return [
      all,
      { id: 'ready', label: 'Ready', count: readyRows(batch) },
      { id: 'errors', label: 'Must fix', count: rows.error },
      { id: 'warnings', label: 'Look at', count: rows.warning },
      { id: 'dropped', label: 'Dropped', count: rows.dropped },
    ]
  return [
    all,
    { id: 'failed', label: 'Failed', count: outcomes.failed + outcomes.refused + outcomes.not_sent },
    { id: 'review', label: 'Needs review', count: outcomes.review + outcomes.returned },
    { id: 'unknown', label: 'Unknown', count: outcomes.unknown },
    { id: 'waiting', label: 'Waiting', count: outcomes.reserved + outcomes.released },
  ]
}

type RowActsProps = { batchId: string; currency: string; row: BulkRow; onEdit: () => void }

/** The quickest ways out of a row that must be looked at; Enter on the row offers all of them to the keyboard. */
function RowActs({ batchId, currency, row, onEdit }: RowActsProps) {
  const acts = useBulkActs()
  const at = { batchId, n: row.n }
  const suggested = row.suggestedMinor === null ? null : { minor: row.suggestedMinor, currency }
  const act = (label: string, run: () => void) => (
    <button
      key={label}
      type="button"
      tabIndex={-1}
      className={css['rowAct']}
      disabled={acts.busy}
      aria-label={`${label}, row ${row.n}`}
      onClick={(event) => {
        event.stopPropagation()
        run()
      }}
    >
      {label}
    </button>
  )
  const drop = (dropped: boolean) =>
    void runAct(
      () => acts.dropRow.mutateAsync({ ...at, dropped }),
      dropped ? 'Row dropped.' : 'Row taken back.',
    )
  if (row.dropped) return <span className={css['rowActs']}>{act('Take back', () => drop(false))}</span>
  return (
    <span className={css['rowActs']}>
      {suggested
        ? act(`Use ${formatMoney(suggested)}`, () => {
            const fields = { amount: toDecimal(suggested) }
            void runAct(() => acts.fixRow.mutateAsync({ ...at, fields }), 'Row saved and checked.')
          })
        : null}
      {row.verdict === 'warning' && !row.accepted
        ? act('Keep', () => {
            void runAct(() => acts.acceptRows.mutateAsync({ ...at, accepted: true }), 'Row kept.')
          })
        : null}
      {suggested ? null : act('Edit', onEdit)}
      {row.verdict === 'ok' ? null : act('Drop', () => drop(true))}
    </span>
  )
}
