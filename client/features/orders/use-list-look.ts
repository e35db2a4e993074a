import { useMemo, useState } from 'react'
import type { Density, ViewState } from '../../../server/domain/list-view.ts'
import { readColumns, writeColumns } from '../../../server/domain/order-columns.ts'
import { setPreference } from '../../lib/preferences.ts'
import { announce } from '../../ui/announcer.tsx'
import type { GridLayout } from '../../ui/data-grid-types.ts'
import { useKit } from '../../ui/kit-context.ts'
import type { ChangeSearch, OrderSearch, OrderView } from './order-views.ts'
import type { Views } from './use-views.ts'

type Widths = Readonly<Record<string, number>>
/** What was changed of a saved view's look and not saved. */
type Draft = { view: string; widths: Widths | null; density: Density | null }

/**
 * Columns, widths and row height of the list. Columns are in the address. Widths and row height belong to the person,
 * or to a saved view while one is open: then a change waits until the view is saved.
 */
export function useListLook(
  search: OrderSearch,
  options: {
    views: Views
    active: OrderView | undefined
    onSearch: ChangeSearch
  },
) {
  const { views, active, onSearch } = options
  const kit = useKit()
  const saved = views.savedOf(active?.id)
  const [draft, setDraft] = useState<Draft | null>(null)
  const own = saved !== undefined && draft?.view === saved.id ? draft : null
  const columns = useMemo(() => readColumns(search.cols).ids, [search.cols])
  const widths: Widths = own?.widths ?? (saved ? saved.state.widths : (views.preference?.widths ?? NO_WIDTHS))
  const density = own?.density ?? saved?.state.density ?? kit.density
  const look: GridLayout = useMemo(() => ({ order: columns, widths }), [columns, widths])
  const state: ViewState = {
    q: search.q,
    t: search.t,
    sort: search.sort,
    cols: writeColumns(columns)?.split(',') ?? null,
    widths: { ...widths },
    density: own?.density ?? saved?.state.density ?? null,
  }

  function change(part: { widths?: Widths; density?: Density }) {
    if (!saved) {
      if (part.widths) views.keep({ widths: { ...part.widths } })
      if (part.density) setPreference('density', part.density)
      return
    }
    setDraft({
      view: saved.id,
      widths: part.widths ?? own?.widths ?? null,
      density: part.density ?? own?.density ?? null,
    })
  }

  function setDensity(next: Density) {
    change({ density: next })
    announce(`Row height ${next}`)
  }

  /** Back to the widths and the row height of the view, or to those everybody starts with. */
  function resetLook() {
    setDraft(null)
    if (!saved) views.keep({ widths: {} })
  }

  return {
    columns,
    look,
    density,
    state,
    lookChanged: own !== null,
    setWidths: (next: Widths) => change({ widths: next }),
    setDensity,
    setColumns: (change: (ids: readonly string[]) => readonly string[]) =>
      onSearch(({ cols }) => ({ cols: writeColumns(change(readColumns(cols).ids)) }), { replace: true }),
    resetLook,
  }
}

const NO_WIDTHS: Widths = {}
