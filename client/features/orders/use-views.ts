import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  BUILT_IN_VIEWS,
  copyName,
  type ListPreference,
  type ViewState,
} from '../../../server/domain/list-view.ts'
import { useListPreference } from '../../lib/list-preference.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { toast } from '../../ui/toasts.tsx'
import type { SavedView } from './order-types.ts'
import { savedAsView, searchOf, type OrderSearch, type OrderView } from './order-views.ts'

/** The list of refunds that are on their way is a page of its own; it has a tab here all the same. */
export const REFUNDS_TAB = 'refunds'
/** Tabs until a person pins others. */
const USUAL_TABS = ['all', 'attention', 'failed', REFUNDS_TAB, 'high']

const SAVED = 'View saved.'

const isText = (id: string | null): id is string => id !== null

export type Views = ReturnType<typeof useViews>

/** Built-in and saved views, which of them are tabs, and what can be done with them. */
export function useViews(onSearch: (search: OrderSearch) => void) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { preference, loaded, change: keep } = useListPreference()
  const list = useQuery(trpc.views.list.queryOptions())
  const create = useMutation(trpc.views.create.mutationOptions())
  const alter = useMutation(trpc.views.change.mutationOptions())
  const remove = useMutation(trpc.views.delete.mutationOptions())
  const saved = list.data ?? []
  const all: readonly OrderView[] = [...BUILT_IN_VIEWS, ...saved.map(savedAsView)]
  const pinned = preference.pinned ?? USUAL_TABS

  /** Runs a change, renews the list, and says that it is done or why it was refused. True when it was done. */
  async function act(run: () => Promise<unknown>, done: string): Promise<boolean> {
    try {
      await run()
      toast.success(done)
      await client.invalidateQueries({ queryKey: trpc.views.list.queryKey() })
      return true
    } catch (error) {
      tellActProblem(error)
      return false
    }
  }

  /** Keeps the list as a new view with a tab, and goes there. */
  async function saveNew(name: string, shared: boolean, state: ViewState): Promise<boolean> {
    let id: string | null = null
    const done = await act(async () => {
      id = (await create.mutateAsync({ name, shared, state })).id
    }, SAVED)
    if (!done || !isText(id)) return done
    keep({ pinned: [...pinned, id] })
    onSearch(searchOf({ id, label: name, state, counted: true }))
    return true
  }

  return {
    all,
    saved,
    loaded: list.isSuccess,
    preference: loaded ? preference : null,
    pinned,
    keep: (part: Partial<ListPreference>) => keep(part),
    savedOf: (id: string | undefined): SavedView | undefined => saved.find((view) => view.id === id),
    busy: create.isPending || alter.isPending || remove.isPending,
    saveNew,
    duplicate: (view: OrderView) =>
      saveNew(copyName(view.label, new Set(all.map(({ label }) => label))), false, view.state),
    save: (view: SavedView, part: { name?: string; shared?: boolean; state?: ViewState }) =>
      act(() => alter.mutateAsync({ viewId: view.id, basedOn: view.version, ...part }), SAVED),
    async remove(view: SavedView) {
      const done = await act(() => remove.mutateAsync({ viewId: view.id }), 'View deleted.')
      if (!done) return
      keep({
        pinned: pinned.filter((id) => id !== view.id),
        ...(preference.defaultView === view.id && { defaultView: null }),
      })
      const [first] = BUILT_IN_VIEWS
      if (first) onSearch(searchOf(first))
    },
    pin: (id: string) =>
      keep({ pinned: pinned.includes(id) ? pinned.filter((one) => one !== id) : [...pinned, id] }),
    makeDefault: (id: string) => keep({ defaultView: preference.defaultView === id ? null : id }),
  }
}
