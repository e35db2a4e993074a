import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import { useEffect, useEffectEvent, useState } from 'react'
import {
  ORDER_COLUMNS as COLUMN_CHOICES,
  readColumns,
  writeColumns,
} from '../../../server/domain/order-columns.ts'
import { parseQuery } from '../../../server/domain/search-query.ts'
import { DensityActs } from '../../lib/density-acts.tsx'
import { useCan, useSession } from '../../lib/session.ts'
import { useTimeRange } from '../../lib/use-time-range.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { ColumnMenu } from '../../ui/column-menu.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page } from '../../ui/page.tsx'
import { toast } from '../../ui/toasts.tsx'
import { OrderFilter } from './order-filter.tsx'
import {
  DEFAULT_SEARCH,
  differsFrom,
  listPath,
  searchOf,
  viewOf,
  type ChangeSearch,
  type OrderSearch,
} from './order-views.ts'
import { TransactionsList } from './transactions-list.tsx'
import { useListLook } from './use-list-look.ts'
import { useViews, type Views } from './use-views.ts'
import { ViewTabs } from './view-tabs.tsx'

type TransactionsScreenProps = { search: OrderSearch; onSearch: ChangeSearch }

/** The list of payments: find and scan, open, look at beside the list, check, refund. */
export function TransactionsScreen({ search, onSearch }: TransactionsScreenProps) {
  const { currency } = useSession().account
  const range = useTimeRange(search.t, DEFAULT_SEARCH.t)
  const readable = parseQuery(search.q, { currency }).ok
  const views = useViews((next) => onSearch({ ...NO_VIEW, ...next }))
  const active = viewOf(search, views.all)
  const { columns, look, density, state, lookChanged, setWidths, setColumns, setDensity, resetLook } =
    useListLook(search, { views, active, onSearch })
  const [unreadable, setUnreadable] = useState(false)
  const canExport = useCan('export:create')
  const setExporting = (open: boolean) => onSearch({ dialog: open ? 'export' : undefined }, { replace: true })
  useNotes(search, onSearch)
  useDefaultView(search, views, onSearch)

  return (
    <Page title="Transactions">
      <DensityActs density={density} onDensity={setDensity} />
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
      <OrderFilter
        key={readable ? '' : search.q}
        search={search}
        range={range}
        onSearch={onSearch}
        onUnreadable={setUnreadable}
      >
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
          disabledReason={canExport.reason ?? (readable ? null : 'Mend the filter first.')}
          onPress={() => setExporting(true)}
        >
          Export
        </ActionButton>
      </OrderFilter>
      <TransactionsList
        search={search}
        range={range}
        readable={readable}
        stale={unreadable}
        onSearch={onSearch}
        columns={columns}
        look={look}
        onWidths={setWidths}
        density={density}
        exporting={search.dialog === 'export' && canExport.allowed}
        onExport={setExporting}
      />
    </Page>
  )
}

/** What another view takes out of the address. */
const NO_VIEW = { ...DEFAULT_SEARCH, cols: undefined, view: undefined, at: undefined }

/** Says what of the address was not understood, takes it out, and keeps the zone in the address. */
function useNotes(search: OrderSearch, onSearch: ChangeSearch): void {
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
function useDefaultView(search: OrderSearch, views: Views, onSearch: ChangeSearch): void {
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
