import { ROLE_LABELS } from '../../../server/domain/permission.ts'
import { DateTime, TimeAgo } from '../../ui/date-time.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { Person } from './staff-types.ts'
import css from './staff.module.css'

/** Columns of the people list. `ownId` marks the person who looks. */
export function staffColumns(ownId: string): readonly GridColumn<Person>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 200,
      rowHeader: true,
      render: (person) => (
        <span className={css['name']}>
          {person.name}
          {person.id === ownId ? <span className={css['mark']}>You</span> : null}
        </span>
      ),
    },
    { id: 'email', header: 'Email', width: 240, grow: true, render: (person) => person.email },
    { id: 'role', header: 'Role', width: 120, render: (person) => ROLE_LABELS[person.role] },
    {
      id: 'access',
      header: 'Access',
      width: 130,
      render: (person) =>
        person.disabled ? (
          <StatusChip status="voided" label="Disabled" variant="header" />
        ) : (
          <StatusChip status="charged" label="Active" />
        ),
    },
    {
      id: 'seen',
      header: 'Last seen',
      width: 140,
      render: (person) => (person.lastSeenAt ? <TimeAgo at={person.lastSeenAt} /> : <span>Never</span>),
    },
    {
      id: 'since',
      header: 'Added',
      width: 130,
      render: (person) => <DateTime at={person.createdAt} format="date" />,
    },
  ]
}

/** Columns left out while a person is open beside the list. */
export const HIDDEN_BESIDE_PERSON: ReadonlySet<string> = new Set(['seen', 'since'])
