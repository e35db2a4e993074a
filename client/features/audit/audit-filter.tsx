import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTRPC } from '../../lib/trpc.ts'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar, type FilterPill } from '../../ui/filter-bar.tsx'
import { OUTCOMES, type AuditSearch, type OutcomeFilter } from './audit-search.ts'
import css from './audit.module.css'

/** Applied when nothing was typed for this long. */
const IDLE_MS = 400

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
  const { q } = search
  const [text, setText] = useState(q)
  const applied = useRef(q)
  useEffect(() => {
    // The address changed without this field (Back, a cleared filter): show what it says.
    if (q !== applied.current) setText(q)
    applied.current = q
  }, [q])
  const wanted = text.trim()
  useEffect(() => {
    if (wanted === applied.current) return
    const timer = setTimeout(() => apply(wanted), IDLE_MS)
    return () => clearTimeout(timer)
    // Restarted by typing only.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [wanted])

  function apply(next: string) {
    applied.current = next
    onSearch({ q: next })
  }
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
      onSubmit={() => apply(wanted)}
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
