import type { StaffActor } from '../../domain/actor.ts'
import type { ViewState } from '../../domain/list-view.ts'
import { roleCan } from '../../domain/permission.ts'
import { personalLooks } from '../../domain/personal-search.ts'
import { parseQuery } from '../../domain/search-query.ts'
import type { SavedViewRow } from '../../store/saved-views.ts'
import { proseFor } from './prose.ts'

export type SavedViewView = {
  id: string
  name: string
  shared: boolean
  ownerName: string
  /** The person who asks may change it; others save a copy. */
  mine: boolean
  mayDelete: boolean
  state: ViewState
  version: number
}

/**
 * Whether a view may be shown to a person: another's that looks for somebody would tell those who may not see personal
 * data whom.
 */
export function mayShowView(
  { owner, state }: SavedViewRow,
  actor: StaffActor & { currency: string },
): boolean {
  if (owner.id === actor.userId || roleCan(actor.role, 'order:pii')) return true
  const parsed = parseQuery(state.q, actor)
  return parsed.ok && personalLooks(parsed.query).length === 0
}

/** A saved view for the person who asks. */
export function savedViewView(view: SavedViewRow, actor: StaffActor): SavedViewView {
  const mine = view.owner.id === actor.userId
  return {
    id: view.id,
    name: mine ? view.name : proseFor(actor.role)(view.name),
    shared: view.shared,
    ownerName: view.owner.name,
    mine,
    mayDelete: mine || roleCan(actor.role, 'user:manage'),
    state: {
      q: view.state.q,
      t: view.state.t,
      sort: view.state.sort,
      cols: view.state.cols,
      widths: view.state.widths,
      density: view.state.density,
    },
    version: view.version,
  }
}
