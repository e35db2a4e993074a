import type { StaffActor } from '../../domain/actor.ts'
import type { ViewState } from '../../domain/list-view.ts'
import { roleCan } from '../../domain/permission.ts'
import type { SavedViewRow } from '../../store/saved-views.ts'

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

/** A saved view for the person who asks. */
export function savedViewView(view: SavedViewRow, actor: StaffActor): SavedViewView {
  const mine = view.owner.id === actor.userId
  return {
    id: view.id,
    name: view.name,
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
