import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { gridState } from '../../lib/errors.ts'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { useReturnRow } from '../../lib/return-row.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { copyText } from '../../ui/copy-button.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { firstDrawnRow, NewerRows } from '../../ui/newer-rows.tsx'
import { Page, PageFooter } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { AgeingBoard, gatewaysOf } from './ageing-board.tsx'
import { REFUND_COLUMNS, REFUND_ORDER, refundCard } from './refund-columns.tsx'
import { pillsOf, RefundFilter } from './refund-filter.tsx'
import type { RefundRow } from './refund-types.ts'
import { refundListPath, REFUND_VIEW_IDS, REFUND_VIEWS, type RefundSearch } from './refund-views.ts'
import { refundName, refundPath } from './refund-words.ts'
import { useRefundList } from './use-refund-list.ts'
import css from './refund.module.css'

export type RefundsScreenProps = {
  search: RefundSearch
  onSearch: (change: Partial<RefundSearch>) => void
  onOpen: (row: RefundRow) => void
}

const AGEING_MS = 60_000

const COUNT = new Intl.NumberFormat('en-IN')

/** The list of refunds and of requests for them: who asked for what, and where the money is. */
export function RefundsScreen({ search, onSearch, onOpen }: RefundsScreenProps) {
  const grid = useRef<HTMLDivElement>(null)
  const { initialRow, remember } = useReturnRow()
  const { list, rows, asOf, changed, newer, showNewest } = useRefundList(search, () =>
    firstDrawnRow(grid.current),
  )
  const ageing = useQuery(useTRPC().refunds.ageing.queryOptions(undefined, { refetchInterval: AGEING_MS }))
  const [focused, setFocused] = useState<RefundRow | null>(null)
  const printedBy = usePrintedBy()

  function onFocusRow(row: RefundRow | null) {
    setFocused(row)
    remember(row?.id ?? null)
  }

  useShortcut(
    focused
      ? {
          id: 'refund.copy',
          keys: 'C',
          label: `Copy ID ${refundName(focused)}`,
          group: 'This record',
          run: () => void copyText(refundName(focused), 'refund ID'),
        }
      : null,
  )
  return (
    <Page title="Refunds">
      <TabsBar
        label="Views"
        active={search.view}
        tabs={REFUND_VIEW_IDS.map((view) => ({
          id: view,
          label: REFUND_VIEWS[view].label,
          to: refundListPath({ ...search, view }),
        }))}
      />
      <RefundFilter search={search} gateways={gatewaysOf(ageing.data ?? [], search)} onSearch={onSearch} />
      {search.view === 'attention' || search.view === 'in_progress' ? (
        <AgeingBoard cells={ageing.data ?? []} />
      ) : null}
      <NewerRows count={newer} what="refunds" around={grid} onShow={showNewest} />
      <div ref={grid} className={css['grid']}>
        <DataGrid
          label="Refunds"
          newerWait={newer > 0}
          columns={REFUND_COLUMNS}
          sort={REFUND_ORDER}
          card={refundCard}
          rows={rows}
          rowId={(row) => row.id}
          rowLabel={(row) => `refund ${refundName(row)}`}
          state={gridState(list, 'refunds')}
          empty={<NoRefunds search={search} />}
          onOpen={(row, how) => {
            if (how.newTab) window.open(refundPath(row), '_blank', 'noopener')
            else onOpen(row)
          }}
          onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          loadingMore={list.isFetchingNextPage}
          changed={changed}
          printed={{
            filter: filterWords(search),
            more: list.hasNextPage,
            asOf,
            by: printedBy,
          }}
          onFocusRow={onFocusRow}
          initialRow={initialRow}
          scrollId={`refunds-${search.view}`}
        />
      </div>
      <PageFooter
        end={
          <>
            <Kbd keys="J" /> <Kbd keys="K" /> move · <Kbd keys="Enter" /> open · <Kbd keys="C" /> copy ID ·{' '}
            <Kbd keys="?" /> all shortcuts
          </>
        }
      >
        <span>{list.data ? shownText(rows.length, list.hasNextPage) : 'Loading'}</span>
        <span>{list.isFetching && list.data ? 'Updating' : null}</span>
      </PageFooter>
    </Page>
  )
}

/** The tab, what was typed and the filters, for a printed list. */
function filterWords(search: RefundSearch): string[] {
  return [
    search.view === 'all' ? '' : REFUND_VIEWS[search.view].label,
    search.q,
    ...pillsOf(search).map(({ label, value }) => `${label}: ${value}`),
  ]
}

function shownText(count: number, more: boolean): string {
  if (count === 0) return 'No refunds'
  if (more) return `Showing 1-${COUNT.format(count)}`
  return `${COUNT.format(count)} ${count === 1 ? 'refund' : 'refunds'}, all shown`
}

function NoRefunds({ search }: { search: RefundSearch }) {
  const { link: Link } = useKit()
  const { label, empty } = REFUND_VIEWS[search.view]
  if (refundListPath({ ...search, view: 'all' }) === '/refunds')
    return <EmptyState title={empty[0]}>{empty[1]}</EmptyState>
  if (search.q === '')
    return (
      <EmptyState
        title="No refunds match."
        action={<Link to={refundListPath({ view: search.view })}>Remove the filters</Link>}
      />
    )
  return (
    <EmptyState
      title="No refunds match."
      action={
        <>
          <Link to={refundListPath({ view: search.view })}>Clear the search</Link>
          {search.view === 'all' ? null : (
            <Link to={refundListPath({ q: search.q })}>Search all refunds</Link>
          )}
        </>
      }
    >
      Nothing under {label} has the order ID, refund ID or bank reference{' '}
      <span className="mono">{search.q}</span>.
    </EmptyState>
  )
}
