import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { DENSITIES } from '../../../server/domain/list-view.ts'
import {
  ORDER_COLUMNS as COLUMN_CHOICES,
  ORDER_SORTS,
  readColumns,
  writeColumns,
} from '../../../server/domain/order-columns.ts'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import { gridState } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { rememberList } from '../../lib/list-neighbours.ts'
import { useReturnRow } from '../../lib/return-row.ts'
import { useTimeRange } from '../../lib/use-time-range.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { ColumnMenu } from '../../ui/column-menu.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridSort, GridState } from '../../ui/data-grid-types.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { KitContext, useKit } from '../../ui/kit-context.ts'
import { Page, PageFooter } from '../../ui/page.tsx'
import { toast } from '../../ui/toasts.tsx'
import { usePart } from '../../ui/use-part.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ORDER_COLUMNS, orderCard } from './order-columns.tsx'
import { OrderFilter } from './order-filter.tsx'
import { useRowMenu } from './order-row-menu.ts'
import { NoOrders } from './no-orders.tsx'
import { OrderRowKeys, OrderSelection } from './order-selection.tsx'
import { ListFooter, totalText } from './list-footer.tsx'
import type { OrderRow } from './order-types.ts'
import { DEFAULT_SEARCH, differsFrom, listPath, searchOf, viewOf, type OrderSearch } from './order-views.ts'
import { orderName } from './order-words.ts'
import { useCheckRow } from './use-check-status.ts'
import { useListLook } from './use-list-look.ts'
import { useOrderExtras } from './use-order-extras.ts'
import { useOrderList } from './use-order-list.ts'
import { useSelection } from './use-selection.ts'
import { useViews, type Views } from './use-views.ts'
import { ViewTabs } from './view-tabs.tsx'
import css from './transactions.module.css'

const loadExport = () => import('./export-dialog.tsx')
const loadPeek = () => import('./order-peek.tsx')

type TransactionsScreenProps = {
  search: OrderSearch
  onSearch: (change: Partial<OrderSearch>, how?: { replace: boolean }) => void
}

/** The list of payments: find and scan, open, look at beside the list, check, refund. */
export function TransactionsScreen({ search, onSearch }: TransactionsScreenProps) {
  const navigate = useNavigate()
  const kit = useKit()
  const range = useTimeRange(search.t, DEFAULT_SEARCH.t)
  const { list, rows, changed, newer, showNewest, parsed, head, total, countExactly } = useOrderList(
    search,
    range,
  )
  const views = useViews((next) => onSearch({ ...NO_VIEW, ...next }))
  const active = viewOf(search, views.all)
  const { columns, look, density, state, lookChanged, setWidths, setColumns, setDensity, resetLook } =
    useListLook(search, { views, active, onSearch })
  const listed = useOrderExtras(rows, columns)
  const selection = useSelection(rows, { q: search.q, range })
  const [exporting, setExporting] = useState(false)
  const exportPart = usePart(loadExport, exporting, () => setExporting(false))
  const canExport = useCan('export:create')
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const { initialRow, remember } = useReturnRow()
  const grid = useRef<HTMLDivElement>(null)
  const focused = rows.find((row) => row.id === focusedId) ?? null
  const { checkRow, checking } = useCheckRow()
  const rowMenu = useRowMenu({ search, onSearch, onOpen: open, onCheck: (row) => void checkRow(row) })

  function open(row: OrderRow, how: { newTab: boolean }) {
    const to = { to: '/orders/$orderId', params: { orderId: row.orderRef } } as const
    if (how.newTab) window.open(`/orders/${encodeURIComponent(row.orderRef)}`, '_blank', 'noopener')
    else {
      rememberList(rows.map(({ orderRef }) => orderRef))
      void navigate(to)
    }
  }

  const setPeek = (peek: string | undefined) => onSearch({ peek }, { replace: true })
  const peekPart = usePart(loadPeek, search.peek !== undefined, () => setPeek(undefined))

  function onFocusRow(row: OrderRow | null) {
    setFocusedId(row?.id ?? null)
    remember(row?.id ?? null)
    // The panel follows the row.
    if (row && search.peek !== undefined && search.peek !== row.orderRef) setPeek(row.orderRef)
  }

  function toTop() {
    grid.current?.querySelector('[role=grid]')?.parentElement?.scrollTo({ top: 0 })
    void showNewest().then(() => announce('Newest orders shown'))
  }
  useShortcut(newer > 0 ? { id: 'orders.newest', keys: 'Home', label: 'Show new orders', run: toTop } : null)
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
  useShortcut({
    id: 'density',
    keys: 'D',
    label: 'Change row height',
    group: 'Settings',
    palette: false,
    run: () => setDensity(DENSITIES[(DENSITIES.indexOf(density) + 1) % DENSITIES.length] ?? 'default'),
  })
  useNotes(search, onSearch)
  useDefaultView(search, views, onSearch)

  return (
    <Page title="Transactions">
      <ViewTabs
        views={views}
        active={active}
        changed={active !== undefined && (differsFrom(search, active) || lookChanged)}
        state={state}
        onSearch={(next) => onSearch({ ...NO_VIEW, ...next })}
        onReset={() => {
          resetLook()
          if (active) onSearch({ ...NO_VIEW, ...searchOf(active) })
        }}
      />
      <OrderFilter key={parsed.ok ? '' : search.q} search={search} range={range} onSearch={onSearch}>
        <ColumnMenu
          columns={COLUMN_CHOICES}
          shown={columns}
          onChange={setColumns}
          density={density}
          onDensity={setDensity}
          onReset={() => {
            resetLook()
            onSearch({ cols: active?.state.cols?.join(',') }, { replace: true })
          }}
        />
        <ActionButton
          icon={<IconDownload size={16} stroke={1.75} aria-hidden />}
          shortcut={{ id: 'orders.export', keys: 'E', label: 'Export this list', group: 'This page' }}
          disabledReason={canExport.reason ?? (parsed.ok ? null : 'Mend the filter first.')}
          onPress={() => setExporting(true)}
        >
          Export
        </ActionButton>
      </OrderFilter>
      {head?.previousCursor ? (
        <button type="button" className={css['newer']} onClick={() => onSearch({ at: undefined })}>
          The list begins in its middle. Show it from the top
        </button>
      ) : null}
      {newer > 0 ? (
        <button type="button" className={css['newer']} onClick={toTop}>
          {newer > 99 ? '99+' : newer} new. Press <Kbd keys="Home" />
          <span className="visually-hidden">Home</span> to show
        </button>
      ) : null}
      <div className={css['list']} data-density={density}>
        <div ref={grid} className={css['grid']}>
          <KitContext value={{ ...kit, density }}>
            <DataGrid
              label="Transactions"
              columns={ORDER_COLUMNS}
              layout={look}
              onWidths={setWidths}
              rows={parsed.ok ? listed : []}
              rowId={idOf}
              rowLabel={orderName}
              state={parsed.ok ? gridState(list, 'transactions') : READY}
              empty={<NoOrders search={search} unread={!parsed.ok} />}
              total={total?.exact ? total.count : undefined}
              onOpen={open}
              onPeek={(row) => setPeek(search.peek === row.orderRef ? undefined : row.orderRef)}
              rowMenu={rowMenu}
              card={orderCard}
              onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
              loadingMore={list.isFetchingNextPage}
              onStartReached={list.hasPreviousPage ? () => void list.fetchPreviousPage() : undefined}
              sort={sortOf(search.sort)}
              onSort={(sort) => onSearch({ sort: sortText(sort), at: undefined })}
              selected={selection.ids}
              onSelect={selection.select}
              onSelectAll={selection.selectAll}
              changed={changed}
              onFocusRow={onFocusRow}
              initialRow={initialRow ?? search.at ?? null}
              scrollId="transactions"
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
      <OrderSelection
        selection={selection}
        more={list.hasNextPage}
        total={total ? totalText(total) : null}
        onExport={() => setExporting(true)}
      />
      <OrderRowKeys row={selection.size > 0 ? null : focused} onCheck={(row) => void checkRow(row)} />
      {exporting && exportPart ? (
        <exportPart.ExportDialog
          source={{
            q: search.q,
            range,
            sort: search.sort,
            columns,
            chosen: selection.all ? [] : [...selection.ids],
            asOf: selection.all?.asOf ?? null,
            total: total ? totalText(total) : null,
          }}
          onClose={() => setExporting(false)}
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
          onCount={countExactly}
        />
      </PageFooter>
    </Page>
  )
}

const READY: GridState = { kind: 'ready' }
/** One function for all renders: for another the grid would look up the ids of all rows again. */
const idOf = ({ id }: OrderRow): string => id
/** What another view takes out of the address. */
const NO_VIEW = { ...DEFAULT_SEARCH, cols: undefined, view: undefined, at: undefined }

/** Says what of the address was not understood, takes it out, and keeps the zone in the address. */
function useNotes(search: OrderSearch, onSearch: TransactionsScreenProps['onSearch']): void {
  const { timeZone } = useKit()
  const { ids, unknown } = readColumns(search.cols)
  const words = unknown.join(', ')
  const tz = timeZone === 'UTC' ? 'UTC' : undefined
  const dropUnknown = useEffectEvent(() => onSearch({ cols: writeColumns(ids) }, { replace: true }))
  useEffect(() => {
    if (words === '') return
    toast.info(`Ignored an unknown column: ${words}.`)
    dropUnknown()
  }, [words])
  const stateZone = useEffectEvent((zone: typeof tz) => {
    if (search.tz !== zone) onSearch({ tz: zone }, { replace: true })
  })
  // The zone is changed elsewhere (`Z`, the top bar); the address follows.
  useEffect(() => stateZone(tz), [tz])
}

/** Opens the list with the view that the person wants first, when the address says nothing. */
function useDefaultView(
  search: OrderSearch,
  views: Views,
  onSearch: TransactionsScreenProps['onSearch'],
): void {
  const wanted = views.preference?.defaultView
  const { q, t, sort, cols, view } = search
  const bare = view === undefined && cols === undefined && listPath({ q, t, sort }) === '/transactions'
  const first = bare ? views.all.find(({ id }) => id === wanted) : undefined
  const firstId = first?.id
  const open = useEffectEvent(() => {
    if (first) onSearch(searchOf(first), { replace: true })
  })
  // When it is found, not whenever it is looked for.
  useEffect(() => {
    if (firstId !== undefined) open()
  }, [firstId])
}

function sortOf(sort: OrderSearch['sort']): GridSort {
  return { column: sort.replace('-', ''), direction: sort.startsWith('-') ? 'desc' : 'asc' }
}

function sortText(sort: GridSort | null): OrderSearch['sort'] {
  const text = sort === null ? null : `${sort.direction === 'desc' ? '-' : ''}${sort.column}`
  return ORDER_SORTS.find((known) => known === text) ?? DEFAULT_SEARCH.sort
}
