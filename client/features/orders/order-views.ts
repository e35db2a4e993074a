/** The address of the list, the views every workspace starts with, and what a view is (design §3.1, §3.17). */
import { ALL_VIEW, BARE_LIST, BUILT_IN_VIEWS, type ViewState } from '../../../server/domain/list-view.ts'
import {
  ORDER_SORTS,
  readColumns,
  writeColumns,
  type OrderSort,
} from '../../../server/domain/order-columns.ts'
import type { SavedView } from './order-types.ts'

export type OrderSearch = {
  q: string
  t: string
  sort: OrderSort
  /** The zone that times are shown in, when it is not the workspace's. */
  tz?: 'IST' | 'UTC' | undefined
  /** Ids of columns; absent: the usual ones. */
  cols?: string | undefined
  /** Id of a view. The rest of the address says what is shown; a difference from the view is a change of it. */
  view?: string | undefined
  /** Reference of the order that is open in the side panel. */
  peek?: string | undefined
  /** Id of the order that the list begins around: a place in it, as it was copied. */
  at?: string | undefined
  /** What is open over the list: the dialog with the files of this person is the page of those that are being made. */
  dialog?: 'export' | undefined
}

/**
 * Goes to the address with a change: a part of it, or one worked out from the address as it will be when what was asked
 * before is there.
 */
export type ChangeSearch = (
  change: Partial<OrderSearch> | ((before: OrderSearch) => Partial<OrderSearch>),
  how?: { replace: boolean },
) => void

/** What the list shows when the address says nothing. */
export const DEFAULT_SEARCH = BARE_LIST satisfies OrderSearch

/** A view as tabs and menus know it: built in, or saved by somebody. */
export type OrderView = {
  id: string
  label: string
  state: ViewState
  /** Shows how many there are: somebody has to work it off, and an index counts it. */
  counted: boolean
}

/** A view that somebody saved. */
export function savedAsView({ id, name, state }: Pick<SavedView, 'id' | 'name' | 'state'>): OrderView {
  return { id, label: name, state, counted: true }
}

/**
 * The view an address shows: the one it names, else the one with exactly this query and time range; any time range
 * without a query is "All". Undefined when it is none, or one that is gone.
 */
export function viewOf(search: OrderSearch, views: readonly OrderView[]): OrderView | undefined {
  if (search.view !== undefined) return views.find(({ id }) => id === search.view)
  const exact = BUILT_IN_VIEWS.find(({ state }) => state.q === search.q && state.t === search.t)
  return exact ?? (search.q === '' ? ALL_VIEW : undefined)
}

/** Whether the list is not as its view has it. "All" is any time, in any order. */
export function differsFrom(search: OrderSearch, { id, state }: OrderView): boolean {
  if (search.q !== state.q) return true
  if (id === ALL_VIEW.id) return false
  const cols = writeColumns(readColumns(search.cols).ids)
  return search.t !== state.t || search.sort !== state.sort || cols !== (state.cols?.join(',') ?? undefined)
}

/** The address parts of a view. */
export function searchOf({ id, state }: OrderView): OrderSearch {
  const sort = ORDER_SORTS.find((known) => known === state.sort) ?? DEFAULT_SEARCH.sort
  return { q: state.q, t: state.t, sort, view: id, cols: state.cols?.join(',') }
}

/** Address of the list; what is as by default is left out. */
export function listPath(search: Partial<OrderSearch>): string {
  const params = new URLSearchParams()
  const { q, t, sort, tz, cols, view, at } = { ...DEFAULT_SEARCH, ...search }
  if (q !== DEFAULT_SEARCH.q) params.set('q', q)
  if (t !== DEFAULT_SEARCH.t) params.set('t', t)
  if (sort !== DEFAULT_SEARCH.sort) params.set('sort', sort)
  if (cols !== undefined) params.set('cols', cols)
  if (view !== undefined) params.set('view', view)
  if (tz !== undefined) params.set('tz', tz)
  if (at !== undefined) params.set('at', at)
  const text = params.toString()
  return `/transactions${text ? `?${text}` : ''}`
}
