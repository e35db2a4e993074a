import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../lib/trpc.ts'
import { useAppliedText } from '../../lib/use-applied-text.ts'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar, type FilterPill } from '../../ui/filter-bar.tsx'
import { OUTCOMES, type AuditSearch, type OutcomeFilter } from './audit-search.ts'
import css from './audit.module.css'

const OUTCOME_LABELS: Readonly<Record<OutcomeFilter, string>> = {
  all: 'Any outcome',
  done: 'Done',
  refused: 'Refused',
}

type AuditFilterProps = { search: AuditSearch; onSearch: (change: Partial<AuditSearch>) => void }

/** Text over names, actions, subjects and reasons; action and outcome as lists. */
export function AuditFilter({ search, onSearch }: AuditFilterProps) {
  const trpc = useTRPC()
  const actions = useQuery(trpc.audit.actions.queryOptions())
  const { text, setText, submit } = useAppliedText(search.q, (q) => onSearch({ q }))

  function clear({ id }: FilterPill) {
    onSearch(id === 'action' ? { action: '' } : { outcome: 'all' })
  }
  const known = actions.data ?? []
  // An action from the address stays choosable while the list loads, and when nobody has done it yet.
  const choices = search.action === '' || known.includes(search.action) ? known : [search.action, ...known]
  return (
    <FilterBar
      label="Find audit entries"
      placeholder="Person, action, ID or reason"
      pills={pillsOf(search)}
      onRemove={clear}
      onEdit={clear}
      text={text}
      onTextChange={setText}
      onSubmit={submit}
    >
      <div className={css['select']}>
        <SelectField
          label="Action"
          hideLabel
          value={search.action}
          onChange={(action) => onSearch({ action })}
          options={[
            { value: '', label: 'Any action' },
            ...choices.map((action) => ({ value: action, label: action })),
          ]}
        />
      </div>
      <div className={css['select']}>
        <SelectField
          label="Outcome"
          hideLabel
          value={search.outcome}
          onChange={(outcome) => onSearch({ outcome })}
          options={OUTCOMES.map((outcome) => ({ value: outcome, label: OUTCOME_LABELS[outcome] }))}
        />
      </div>
    </FilterBar>
  )
}

function pillsOf({ action, outcome }: AuditSearch): FilterPill[] {
  return [
    ...(action === '' ? [] : [{ id: 'action', label: 'action', value: action }]),
    ...(outcome === 'all' ? [] : [{ id: 'outcome', label: 'outcome', value: outcome }]),
  ]
}
