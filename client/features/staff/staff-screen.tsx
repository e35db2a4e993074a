import IconUserPlus from '@tabler/icons-react/dist/esm/icons/IconUserPlus.mjs'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { gridState } from '../../lib/errors.ts'
import { useLive } from '../../lib/live.tsx'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Page, PageFooter, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ForbiddenState } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { useNarrow } from '../../ui/use-screen.ts'
import { NewPersonDialog } from './new-person-dialog.tsx'
import { PersonPanel } from './person-panel.tsx'
import { RoleMatrix } from './role-matrix.tsx'
import { HIDDEN_BESIDE_PERSON, staffColumns } from './staff-columns.tsx'
import { STAFF_TAB_LABELS, STAFF_TABS, type StaffSearch } from './staff-search.ts'
import type { Person } from './staff-types.ts'
import css from './staff.module.css'

export type StaffScreenProps = { search: StaffSearch; onSearch: (change: Partial<StaffSearch>) => void }

/** Who may sign in, and what their role lets them do. */
export function StaffScreen({ search, onSearch }: StaffScreenProps) {
  const can = useCan('user:manage')
  return (
    <Page title="Users and roles">
      <TabsBar
        label="Parts"
        active={search.tab}
        tabs={STAFF_TABS.map((tab) => ({
          id: tab,
          label: STAFF_TAB_LABELS[tab],
          to: tab === 'people' ? '/users' : `/users?tab=${tab}`,
        }))}
      />
      {search.tab === 'roles' ? (
        <PageScroll>
          <RoleMatrix />
        </PageScroll>
      ) : can.allowed ? (
        <People search={search} onSearch={onSearch} />
      ) : (
        <ForbiddenState title="You can't see people." hint={`${can.reason} Ask an admin.`} />
      )}
    </Page>
  )
}

function People({ search, onSearch }: StaffScreenProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { user } = useSession()
  const list = useQuery(trpc.users.list.queryOptions())
  // The list and the person take turns where there is no room for both.
  const narrow = useNarrow()
  // The address follows the field, not the other way round: navigation is too slow to type through.
  const [text, setText] = useState(search.q)
  const columns = useMemo(() => staffColumns(user.id), [user.id])
  const printedBy = usePrintedBy()
  useLive((message) => {
    if (message.kind === 'change' && message.subject === 'staff')
      void client.invalidateQueries({ queryKey: trpc.users.pathKey() })
  })
  const people = list.data ?? []
  const rows = people.filter((person) => matches(person, text))
  const shown = people.find((person) => person.id === search.user)
  return (
    <>
      <FilterBar
        label="Find people"
        placeholder="Name, email or role"
        pills={[]}
        onRemove={() => {}}
        onEdit={() => {}}
        text={text}
        onTextChange={(q) => {
          setText(q)
          onSearch({ q })
        }}
        onSubmit={() => {}}
      >
        <ActionButton
          tone="primary"
          icon={<IconUserPlus size={16} stroke={1.75} aria-hidden />}
          shortcut={{ id: 'staff.add', keys: 'I', label: 'Add a person' }}
          onPress={() => onSearch({ open: 'add' })}
        >
          Add a person
        </ActionButton>
      </FilterBar>
      <div className={css['split']} data-open={shown && !narrow ? true : undefined}>
        {shown && narrow ? null : (
          <div className={css['grid']}>
            <DataGrid
              label="People"
              columns={columns}
              rows={rows}
              rowId={(person) => person.id}
              rowLabel={(person) => person.name}
              state={gridState({ ...list, isPlaceholderData: false }, 'people')}
              empty={<EmptyState title="Nobody matches.">Search by name, email or role.</EmptyState>}
              total={list.data ? rows.length : undefined}
              printed={{
                filter: [text.trim()],
                more: false,
                asOf: new Date(list.dataUpdatedAt),
                by: printedBy,
              }}
              onOpen={(person) => onSearch({ user: person.id === search.user ? '' : person.id })}
              {...(shown && { hiddenColumns: HIDDEN_BESIDE_PERSON })}
            />
          </div>
        )}
        {shown ? (
          <PersonPanel key={shown.id} person={shown} people={people} onClose={() => onSearch({ user: '' })} />
        ) : null}
      </div>
      <PageFooter
        end={
          <>
            <Kbd keys="J" /> <Kbd keys="K" /> move · <Kbd keys="Enter" /> open · <Kbd keys="I" /> add ·{' '}
            <Kbd keys="?" /> all shortcuts
          </>
        }
      >
        <span>{list.data ? `${people.length} people, ${activeCount(people)} can sign in` : 'Loading'}</span>
      </PageFooter>
      {search.open === 'add' ? (
        <NewPersonDialog
          onClose={() => onSearch({ open: '' })}
          onAdded={(person) => {
            setText('')
            onSearch({ user: person.id, q: '', open: '' })
          }}
        />
      ) : null}
    </>
  )
}

function matches(person: Person, q: string): boolean {
  const text = `${person.name} ${person.email} ${person.role}`.toLowerCase()
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function activeCount(people: readonly Person[]): number {
  return people.filter((person) => !person.disabled).length
}
