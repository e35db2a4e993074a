import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { gridState } from '../../lib/errors.ts'
import { useReturnRow } from '../../lib/return-row.ts'
import { useTimeRange } from '../../lib/use-time-range.ts'
import { announce } from '../../ui/announcer.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridSort, GridState } from '../../ui/data-grid-types.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Page, PageFooter } from '../../ui/page.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ORDER_COLUMNS } from './order-columns.tsx'
import { OrderFilter } from './order-filter.tsx'
import { NoOrders } from './no-orders.tsx'
import { OrderRowKeys, OrderSelection } from './order-selection.tsx'
import type { OrderPage, OrderRow } from './order-types.ts'
import { DEFAULT_SEARCH, listPath, ORDER_VIEWS, viewOf, type OrderSearch } from './order-views.ts'
import { orderName } from './order-words.ts'
import { useOrderList } from './use-order-list.ts'
import { useViewCounts } from './use-view-counts.ts'
import css from './transactions.module.css'

const VIEW_TABS = ORDER_VIEWS.map((view) => ({ id: view.id, label: view.label, to: listPath(view) }))
/** Waiting refunds have a list of their own. */
const REFUNDS_TAB = { id: 'refunds', label: 'Refunds pending', to: '/refunds?view=in_progress' }

type TransactionsScreenProps = {
  search: OrderSearch
  onSearch: (change: Partial<OrderSearch>) => void
}

/** The list of payments: find and scan, open, check, refund. */
export function TransactionsScreen({ search, onSearch }: TransactionsScreenProps) {
  const navigate = useNavigate()
  const range = useTimeRange(search.t, DEFAULT_SEARCH.t)
  const counts = useViewCounts()
  const { list, rows, changed, newer, showNewest, parsed, head } = useOrderList(search, range)
  // What was selected in one list means nothing in another.
  const listKey = `${search.q} ${search.t}`
  const [picked, setPicked] = useState({ listKey, ids: NONE })
  const selected = picked.listKey === listKey ? picked.ids : NONE
  const setSelected = (ids: ReadonlySet<string>) => setPicked({ listKey, ids })
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const { initialRow, remember } = useReturnRow()
  const grid = useRef<HTMLDivElement>(null)
  const chosen = rows.filter((row) => selected.has(row.id))
  const focused = rows.find((row) => row.id === focusedId) ?? null

  function open(row: OrderRow, how: { newTab: boolean }) {
    const to = { to: '/orders/$orderId', params: { orderId: row.orderRef } } as const
    if (how.newTab) window.open(`/orders/${encodeURIComponent(row.orderRef)}`, '_blank', 'noopener')
    else void navigate(to)
  }

  function toTop() {
    grid.current?.querySelector('[role=grid]')?.parentElement?.scrollTo({ top: 0 })
    void showNewest().then(() => announce('Newest orders shown'))
  }
  useShortcut(newer > 0 ? { id: 'orders.newest', keys: 'Home', label: 'Show new orders', run: toTop } : null)

  return (
    <Page title="Transactions">
      <TabsBar
        label="Views"
        tabs={[...VIEW_TABS.map((tab) => ({ ...tab, count: counts.get(tab.id) })), REFUNDS_TAB]}
        active={viewOf(search)?.id ?? ''}
      />
      <OrderFilter key={parsed.ok ? '' : search.q} search={search} range={range} onSearch={onSearch} />
      {newer > 0 ? (
        <button type="button" className={css['newer']} onClick={toTop}>
          {newer > 99 ? '99+' : newer} new. Press <Kbd keys="Home" />
          <span className="visually-hidden">Home</span> to show
        </button>
      ) : null}
      <div ref={grid} className={css['grid']}>
        <DataGrid
          label="Transactions"
          columns={ORDER_COLUMNS}
          rows={parsed.ok ? rows : []}
          rowId={(row) => row.id}
          rowLabel={orderName}
          state={parsed.ok ? gridState(list, 'transactions') : READY}
          empty={<NoOrders search={search} unread={!parsed.ok} />}
          total={head?.estimate?.exact ? head.estimate.count : undefined}
          onOpen={open}
          onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          loadingMore={list.isFetchingNextPage}
          sort={sortOf(search.sort)}
          onSort={(sort) => onSearch({ sort: sortText(sort) })}
          selected={selected}
          onSelect={setSelected}
          changed={changed}
          onFocusRow={(row) => {
            setFocusedId(row?.id ?? null)
            remember(row?.id ?? null)
          }}
          initialRow={initialRow}
          scrollId="transactions"
        />
      </div>
      <OrderSelection rows={chosen} onClear={() => setSelected(NONE)} />
      <OrderRowKeys row={chosen.length > 0 ? null : focused} />
      <PageFooter
        end={
          <>
            <Kbd keys="J" /> <Kbd keys="K" /> move · <Kbd keys="Enter" /> open · <Kbd keys="X" /> select ·{' '}
            <Kbd keys="?" /> all shortcuts
          </>
        }
      >
        <ListFooter shown={rows.length} head={head} busy={list.isFetching} more={list.hasNextPage} />
      </PageFooter>
    </Page>
  )
}

const NONE: ReadonlySet<string> = new Set()
const READY: GridState = { kind: 'ready' }

function sortOf(sort: OrderSearch['sort']): GridSort {
  return { column: sort.replace('-', ''), direction: sort.startsWith('-') ? 'desc' : 'asc' }
}

function sortText(sort: GridSort | null): OrderSearch['sort'] {
  if (sort?.column === 'amount') return sort.direction === 'desc' ? '-amount' : 'amount'
  return sort?.column === 'created' && sort.direction === 'asc' ? 'created' : '-created'
}

const COUNT = new Intl.NumberFormat('en-IN')

type ListFooterProps = { shown: number; head: OrderPage | undefined; busy: boolean; more: boolean }

function ListFooter({ shown, head, busy, more }: ListFooterProps) {
  if (!head) return <span>{busy ? 'Loading' : ''}</span>
  const { estimate } = head
  const of = estimate && more ? ` of ${estimate.exact ? '' : 'about '}${COUNT.format(estimate.count)}` : ''
  return (
    <>
      <span>
        {shown === 0 ? 'No orders' : more ? `Showing 1-${COUNT.format(shown)}${of}` : endText(shown)}
      </span>
      <span>
        {busy ? (
          'Updating'
        ) : (
          <>
            As of <DateTime at={head.asOf} format="time" />
          </>
        )}
      </span>
    </>
  )
}

function endText(shown: number): string {
  return `${COUNT.format(shown)} ${shown === 1 ? 'order' : 'orders'}, all shown`
}
