import { useState, type ReactNode } from 'react'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { addTyped, clausesOf, offersFor, withoutClause, type EventSearch } from './event-filter.ts'

type EventFilterBarProps = {
  search: EventSearch
  onSearch: (search: EventSearch) => void
  /** Connection and pause, at the end of the bar. */
  children: ReactNode
}

/** The filter line of the feed. What is typed joins the address on Enter. */
export function EventFilterBar({ search, onSearch, children }: EventFilterBarProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const clauses = clausesOf(search)
  const offers = offersFor(text)

  function run(typed: string) {
    const next = addTyped(search, typed)
    if (!next.ok) return setProblem(next.message)
    setText('')
    setProblem(null)
    onSearch(next.search)
  }

  return (
    <FilterBar
      label="Filter events"
      placeholder={clauses.length ? 'Add a filter' : 'Filter by event, outcome or order ID'}
      pills={clauses}
      onRemove={(pill) => onSearch(withoutClause(search, pill))}
      onEdit={(pill) => {
        onSearch(withoutClause(search, pill))
        setText(pill.label === 'text' ? pill.value : `${pill.label}:${pill.value.toLowerCase()}`)
      }}
      text={text}
      onTextChange={(next) => {
        setText(next)
        setProblem(null)
      }}
      onSubmit={() => run(text)}
      error={problem === null ? null : { message: problem }}
      suggestions={offers}
      onAccept={(chosen) => {
        const offer = offers.find(({ id }) => id === chosen.id)
        if (!offer) return
        if (offer.run) run(offer.text)
        else setText(offer.text)
      }}
    >
      {children}
    </FilterBar>
  )
}
