import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import type { Density } from '../../../server/domain/list-view.ts'
import { ORDER_SORTS } from '../../../server/domain/order-columns.ts'
import { dimmed, gridState } from '../../lib/errors.ts'
import { rememberList } from '../../lib/list-neighbours.ts'
import { orderPath } from '../../lib/order-path.ts'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { useReturnRow } from '../../lib/return-row.ts'
import { useCheckRow } from '../../lib/use-check-status.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridLayout, GridSort, GridState } from '../../ui/data-grid-types.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { KitContext, useKit } from '../../ui/kit-context.ts'
import { firstDrawnRow, ListLine, NewerRows, scrollToTop } from '../../ui/newer-rows.tsx'
import { PageFooter } from '../../ui/page.tsx'
import { timeRangeLabel } from '../../ui/time-range-menu.tsx'
import { usePart } from '../../ui/use-part.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ListFooter, totalText } from './list-footer.tsx'
import { ORDER_COLUMNS, orderCard } from './order-columns.tsx'
import { useRowMenu } from './order-row-menu.ts'
import { OrderRowKeys } from './order-row-keys.tsx'
import type { OrderRow } from './order-types.ts'
import { DEFAULT_SEARCH, type ChangeSearch, type OrderSearch } from './order-views.ts'
import { orderName } from './order-words.ts'
import type { GoOn } from './use-list-stop.ts'
import { useOrderExtras } from './use-order-extras.ts'
import { useOrderList } from './use-order-list.ts'
import { useSelection } from './use-selection.ts'
import css from './transactions.module.css'

/** A list with rows, which is nearly every one, never asks why it has none. */
const NoOrders = lazy(() => import('./no-orders.tsx').then((chunk) => ({ default: chunk.NoOrders })))
const loadExport = () => import('./export-dialog.tsx')
const loadPeek = () => import('./order-peek.tsx')
const loadSelection = () => import('./order-selection.tsx')

type TransactionsListProps = {
  search: OrderSearch
  range: { from: Date | null; to: Date | null }
  /** The query of the search can be read. */
  readable: boolean
  /** What was typed last could not be read: the rows are dimmed, for they are not what was asked for. */
  stale: boolean
  onSearch: ChangeSearch
  /** Ids of the columns, in their order. */
  columns: readonly string[]
  look: GridLayout
  onWidths: (widths: Readonly<Record<string, number>>) => void
  density: Density
  exporting: boolean
  onExport: (exporting: boolean) => void
}

/**
 * The rows of the transactions list and what is done with them. Apart from the tabs and the filter over them, which pages
 * that arrive while somebody scrolls do not concern.
 */
export function TransactionsList(props: TransactionsListProps) {
  const { search, range, readable, onSearch, columns, density } = props
  const navigate = useNavigate()
  const kit = useKit()
  // The same one until it changes, or each page that arrives would have every cell drawn again.
  const gridKit = useMemo(() => ({ ...kit, density }), [kit, density])
  const { initialRow, remember } = useReturnRow()
  const grid = useRef<HTMLDivElement>(null)
  const { list, rows, changed, newer, showNewest, head, total, countExactly, goOn, stop, at, toTop } =
    useOrderList(search, {
      range,
      readable,
      leftRow: initialRow,
      firstInSight: () => firstDrawnRow(grid.current),
    })
  const listed = useOrderExtras(rows, columns)
  const printedBy = usePrintedBy()
  const selection = useSelection(rows, {
    search,
    range,
    onRestore: ({ q, t, sort, cols, view }) => onSearch({ q, t, sort, cols, view, at: undefined }),
  })
  const selectionPart = usePart(loadSelection, selection.size > 0, selection.clear)
  const exportPart = usePart(loadExport, props.exporting, () => props.onExport(false))
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const focused = focusedId === null ? null : (rows.find((row) => row.id === focusedId) ?? null)
  const { checkRow, checking } = useCheckRow()
  const rowMenu = useRowMenu({
    search,
    columns,
    onSearch,
    onOpen: open,
    onCheck: (row) => void checkRow(row),
  })

  function open(row: OrderRow, how: { newTab: boolean }) {
    if (how.newTab) window.open(orderPath(row.orderRef), '_blank', 'noopener')
    else void navigate({ to: '/orders/$orderId', params: { orderId: row.orderRef } })
  }

  // Whatever way an order is opened: a row, its link, the side panel. Not when the list goes: the order is drawn before.
  useEffect(() => rememberList(rows), [rows])

  function showTop() {
    scrollToTop(grid.current)
    toTop()
    onSearch({ at: undefined })
  }

  const setPeek = (peek: string | undefined) => onSearch({ peek }, { replace: true })
  const peekPart = usePart(loadPeek, search.peek !== undefined, () => setPeek(undefined))

  function onFocusRow(row: OrderRow | null) {
    setFocusedId(row?.id ?? null)
    remember(row?.id ?? null)
    // The panel follows the row.
    if (row && search.peek !== undefined && search.peek !== row.orderRef) setPeek(row.orderRef)
  }

  useShortcut(
    selection.size > 0 || search.peek !== undefined
      ? {
          id: 'orders.leave',
          keys: 'Escape',
          label: selection.size > 0 ? 'Clear selection' : 'Close the side panel',
          run: () => (selection.size > 0 ? selection.clear() : setPeek(undefined)),
        }
      : null,
  )

  return (
    <>
      {head?.previousCursor ? (
        <ListLine onPress={showTop}>The list begins in its middle. Show it from the top</ListLine>
      ) : null}
      <NewerRows
        count={newer}
        what="orders"
        around={grid}
        onShow={async () => (at === null ? showNewest() : showTop())}
      />
      <div className={css['list']} data-density={density}>
        <div ref={grid} className={css['grid']}>
          <KitContext value={gridKit}>
            <DataGrid
              label="Transactions"
              columns={ORDER_COLUMNS}
              layout={props.look}
              onWidths={props.onWidths}
              rows={readable ? listed : []}
              rowId={idOf}
              rowLabel={orderName}
              state={readable ? dimmed(stateOf(list, goOn), props.stale) : READY}
              empty={
                <Suspense>
                  <NoOrders search={search} range={range} unread={!readable} />
                </Suspense>
              }
              total={total?.exact ? total.count : undefined}
              onOpen={open}
              onPeek={(row) => setPeek(search.peek === row.orderRef ? undefined : row.orderRef)}
              rowMenu={rowMenu}
              card={orderCard}
              onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
              loadingMore={list.isFetchingNextPage}
              onStartReached={list.hasPreviousPage ? () => void list.fetchPreviousPage() : undefined}
              newerWait={newer > 0}
              sort={sortOf(search.sort)}
              onSort={(sort) => onSearch({ sort: sortText(sort), at: undefined })}
              selected={selection.ids}
              onSelect={selection.select}
              onSelectAll={selection.selectAll}
              changed={changed}
              onFocusRow={onFocusRow}
              initialRow={initialRow ?? search.at ?? null}
              scrollId="transactions"
              // Rows of the list before go on no paper under the filter of this one.
              {...(!list.isPlaceholderData && {
                printed: {
                  filter: [search.q, timeRangeLabel(search.t)],
                  more: list.hasNextPage,
                  middle: Boolean(head?.previousCursor),
                  total: total ? totalText(total) : null,
                  asOf: head?.asOf,
                  by: printedBy,
                },
              })}
            />
          </KitContext>
        </div>
        {search.peek === undefined || peekPart === null ? null : (
          <peekPart.OrderPeek
            orderRef={search.peek}
            row={rows.find(({ orderRef }) => orderRef === search.peek)}
            checking={checking}
            onCheck={(order) => void checkRow(order)}
            onClose={() => setPeek(undefined)}
          />
        )}
      </div>
      {selectionPart ? (
        <selectionPart.OrderSelection
          selection={selection}
          more={list.hasNextPage}
          total={total ? totalText(total) : null}
          rows={listed}
          columns={columns}
          onExport={() => props.onExport(true)}
        />
      ) : null}
      <OrderRowKeys row={focused} selecting={selection.size > 0} onCheck={(row) => void checkRow(row)} />
      {props.exporting && exportPart ? (
        <exportPart.ExportDialog
          source={{
            q: search.q,
            range,
            sort: search.sort,
            columns,
            chosen: selection.all ? [] : [...selection.ids],
            all: selection.all,
            total: total ? totalText(total) : null,
          }}
          onClose={() => props.onExport(false)}
        />
      ) : null}
      <PageFooter
        end={
          <>
            <Kbd keys="J" /> <Kbd keys="K" /> move · <Kbd keys="Enter" /> open · <Kbd keys="Space" /> peek ·{' '}
            <Kbd keys="X" /> select · <Kbd keys="?" /> all shortcuts
          </>
        }
      >
        <ListFooter
          rows={rows}
          head={head}
          total={total}
          busy={list.isFetching}
          more={list.hasNextPage}
          middle={Boolean(head?.previousCursor)}
          before={list.isPlaceholderData}
          onCount={countExactly}
          range={range}
          goOn={goOn}
          onStop={stop}
          onDay={search.t === DEFAULT_SEARCH.t ? null : () => onSearch({ t: DEFAULT_SEARCH.t })}
        />
      </PageFooter>
    </>
  )
}

const READY: GridState = { kind: 'ready' }

const STOPPED = {
  title: 'You stopped loading.',
  message: 'A smaller time range, or a filter, takes less time.',
}

/** What the list is doing. One that was stopped keeps its rows, dimmed when they are of the list before. */
function stateOf(list: ReturnType<typeof useOrderList>['list'], goOn: GoOn): GridState {
  if (goOn === null) return gridState(list, 'transactions')
  const before = list.isPlaceholderData
  const rows = list.data?.pages.some((page) => page.rows.length > 0) ?? false
  if (list.data === undefined || (before && !rows)) return { kind: 'error', problem: STOPPED, onRetry: goOn }
  return { kind: 'ready', stale: before }
}

/** One function for all renders: for another the grid would look up the ids of all rows again. */
const idOf = ({ id }: OrderRow): string => id

function sortOf(sort: OrderSearch['sort']): GridSort {
  return { column: sort.replace('-', ''), direction: sort.startsWith('-') ? 'desc' : 'asc' }
}

function sortText(sort: GridSort | null): OrderSearch['sort'] {
  const text = sort === null ? null : `${sort.direction === 'desc' ? '-' : ''}${sort.column}`
  return ORDER_SORTS.find((known) => known === text) ?? DEFAULT_SEARCH.sort
}
