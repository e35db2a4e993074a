import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { gridState } from '../../lib/errors.ts'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageFooter } from '../../ui/page.tsx'
import { EmptyState, ForbiddenState } from '../../ui/states.tsx'
import { useNarrow } from '../../ui/use-screen.ts'
import { AUDIT_COLUMNS, HIDDEN_BESIDE_ENTRY } from './audit-columns.tsx'
import { AuditEntryPanel } from './audit-entry.tsx'
import { AuditFilter } from './audit-filter.tsx'
import { auditPath, DEFAULT_AUDIT_SEARCH, type AuditSearch } from './audit-search.ts'
import css from './audit.module.css'

const PAGE_ROWS = 100
const COUNT = new Intl.NumberFormat('en-IN')

export type AuditScreenProps = { search: AuditSearch; onSearch: (change: Partial<AuditSearch>) => void }

/** Who did what, and what was refused. Entries can be read and copied, nothing else. */
export function AuditScreen(props: AuditScreenProps) {
  const can = useCan('audit:read')
  return (
    <Page title="Audit log">
      {can.allowed ? (
        <AuditLog {...props} />
      ) : (
        <ForbiddenState
          title="You can't see audit entries."
          hint={`${can.reason} Ask an admin for the Auditor role.`}
        />
      )}
    </Page>
  )
}

function AuditLog({ search, onSearch }: AuditScreenProps) {
  const trpc = useTRPC()
  const { q, action, outcome } = search
  const list = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      {
        q,
        action: action === '' ? null : action,
        outcome: outcome === 'all' ? null : outcome,
        limit: PAGE_ROWS,
      },
      {
        initialCursor: null,
        getNextPageParam: (page) => page.nextCursor,
        placeholderData: keepPreviousData,
      },
    ),
  )
  const pages = list.data?.pages
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages])
  const printedBy = usePrintedBy()
  const shown = rows.find((entry) => entry.id === search.entry)
  // The list and the entry take turns where there is no room for both.
  const narrow = useNarrow()
  return (
    <>
      <AuditFilter search={search} onSearch={onSearch} />
      <div className={css['split']} data-open={shown && !narrow ? true : undefined}>
        {shown && narrow ? null : (
          <div className={css['grid']}>
            <DataGrid
              label="Audit log"
              columns={AUDIT_COLUMNS}
              rows={rows}
              rowId={(entry) => entry.id}
              rowLabel={(entry) => `entry ${entry.id}, ${entry.action}`}
              state={gridState(list, 'audit entries')}
              empty={<NoEntries search={search} />}
              onOpen={(entry) => onSearch({ entry: entry.id === search.entry ? '' : entry.id })}
              onPeek={(entry) => onSearch({ entry: entry.id === search.entry ? '' : entry.id })}
              onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
              loadingMore={list.isFetchingNextPage}
              printed={{
                filter: [q, action, outcome === 'all' ? '' : outcome],
                more: list.hasNextPage,
                asOf: new Date(list.dataUpdatedAt),
                by: printedBy,
              }}
              {...(shown && { hiddenColumns: HIDDEN_BESIDE_ENTRY })}
            />
          </div>
        )}
        {shown ? <AuditEntryPanel entry={shown} onClose={() => onSearch({ entry: '' })} /> : null}
      </div>
      <PageFooter
        end={
          <>
            <Kbd keys="J" /> <Kbd keys="K" /> move · <Kbd keys="Enter" /> open entry · <Kbd keys="?" /> all
            shortcuts
          </>
        }
      >
        <span>{list.data ? shownText(rows.length, list.hasNextPage) : 'Loading'}</span>
        <span>Newest first. Entries cannot be changed or deleted.</span>
      </PageFooter>
    </>
  )
}

function shownText(count: number, more: boolean): string {
  if (count === 0) return 'No entries'
  if (more) return `Showing 1-${COUNT.format(count)}`
  return `${COUNT.format(count)} ${count === 1 ? 'entry' : 'entries'}, all shown`
}

function NoEntries({ search }: { search: AuditSearch }) {
  const { link: Link } = useKit()
  const filtered = search.q !== '' || search.action !== '' || search.outcome !== 'all'
  if (!filtered)
    return <EmptyState title="No entries yet.">What people do here appears in this log.</EmptyState>
  return (
    <EmptyState
      title="No entries match."
      action={<Link to={auditPath(DEFAULT_AUDIT_SEARCH)}>Clear all filters</Link>}
    >
      {search.action !== '' ? `Only ${search.action} is shown. ` : ''}
      {search.outcome !== 'all' ? `Only what was ${search.outcome} is shown.` : ''}
    </EmptyState>
  )
}
