import { useEffect, useEffectEvent, useState } from 'react'
import type { Parsed, QueryError } from '../../server/domain/search-language.ts'
import type { FilterPill, FilterSuggestion } from '../ui/filter-bar.tsx'

/** How one list reads and writes its filter (server/domain/search-language.ts). */
export type QueryLanguage<Query> = {
  empty: Query
  parse: (text: string) => Parsed<Query>
  print: (query: Query) => string
  /** Whether a query that was run may be kept in the browser. */
  keeps: (query: Query) => boolean
}

/** A pill, the clause it stands for, and the query that is left when it goes. */
export type QueryPill<Query> = FilterPill & { clause: string; without: Query }

/** A suggestion and the text it stands for; `run` when nothing is left to type. */
export type QueryOffer = FilterSuggestion & { text: string; run: boolean }

/** Those of the person who is signed in, of one list. */
type RecentQueries = { queries: readonly string[]; note: (q: string) => void }

type Options<Query> = {
  language: QueryLanguage<Query>
  /** The query of the address, in canonical form. */
  q: string
  pillsOf: (query: Query) => QueryPill<Query>[]
  offersFor: (text: string) => QueryOffer[]
  recent: RecentQueries
  onRun: (change: { q: string; t?: string }) => void
  /** Told when what was typed cannot be read, and when that is over: until then the rows are not what was asked for. */
  onUnreadable?: (unreadable: boolean) => void
}

/**
 * What a filter line does, for `FilterBar` to draw. The address holds the query in canonical form; what is typed joins
 * it on Enter. A query that cannot be read is not run: the rows stay and the reason stands under the bar. Give the
 * component a `key` that changes with an unreadable address, so that its text starts in the field.
 */
export function useQueryLine<Query>(options: Options<Query>) {
  const { language, q, pillsOf, offersFor, recent, onRun } = options
  const { empty, parse, print, keeps } = language
  const parsed = parse(q)
  // An address with a query that cannot be read puts it into the field, to be mended there.
  const [text, setText] = useState(parsed.ok ? '' : q)
  // Another address, a view for instance, is not what could not be read.
  const [refused, setRefused] = useState<{ of: string; error: QueryError } | null>(null)
  const problem = refused?.of === q ? refused.error : null
  // Pills that became text again: the rows still show the whole query until the next Enter.
  const [editing, setEditing] = useState<{ of: string; base: Query } | null>(null)
  const query = editing?.of === q ? editing.base : parsed.ok ? parsed.query : empty
  const error = problem ?? (parsed.ok ? null : parsed.error)
  const again = text === '' ? recent.queries.filter((one) => one !== q && parse(one).ok) : []
  const offers = [
    ...again.map((one, i) => ({
      id: `recent-${i}`,
      label: one,
      help: 'used lately',
      text: one,
      run: true,
      recent: true,
    })),
    ...offersFor(text),
  ]
  const pills = pillsOf(query)
  const unreadable = problem !== null
  const tell = useEffectEvent((now: boolean) => options.onUnreadable?.(now))
  useEffect(() => tell(unreadable), [unreadable])

  function run(typed: string, base: Query = query) {
    const next = parse(`${print(base)} ${typed}`.trim())
    if (!next.ok) {
      setText(typed)
      setRefused({ of: q, error: next.error })
      return
    }
    setText('')
    setRefused(null)
    setEditing(null)
    const printed = print(next.query)
    if (printed !== '' && keeps(next.query)) recent.note(printed)
    onRun({ q: printed, ...(next.time !== null && { t: next.time }) })
  }

  function accept(chosen: FilterSuggestion) {
    const offer = offers.find(({ id }) => id === chosen.id)
    if (!offer) return
    // A query used before is a whole one, not one more clause.
    if (again.includes(offer.text)) run(offer.text, empty)
    else if (offer.run) run(offer.text)
    else setText(offer.text)
  }

  return {
    pills,
    onRemove: (pill: FilterPill) => {
      const found = pills.find(({ id }) => id === pill.id)
      if (found) run('', found.without)
    },
    onEdit: (pill: FilterPill) => {
      const found = pills.find(({ id }) => id === pill.id)
      if (!found) return
      setText(text === '' ? found.clause : `${found.clause} ${text}`)
      setEditing({ of: q, base: found.without })
    },
    onEditAll: () => {
      setText(`${print(query)} ${text}`.trim())
      setEditing({ of: q, base: empty })
    },
    text,
    onTextChange: (next: string) => {
      setText(next)
      setRefused(null)
    },
    onSubmit: () => run(text),
    error: error && {
      message: error.message,
      // The repaired text is the whole query, pills included.
      ...(error.fix && { fix: { label: error.fix.label, apply: repair(error.fix.text) } }),
    },
    suggestions: offers,
    onAccept: accept,
  }

  function repair(whole: string): () => void {
    return () => run(whole, empty)
  }
}
