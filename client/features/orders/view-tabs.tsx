import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import { useState, type ComponentType } from 'react'
import type { ViewState } from '../../../server/domain/list-view.ts'
import { useSession } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { ActionMenu, type MenuEntry } from '../../ui/menu.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { usePart } from '../../ui/use-part.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import type { SavedView } from './order-types.ts'
import { listPath, searchOf, type OrderSearch, type OrderView } from './order-views.ts'
import { useViewCounts } from './use-view-counts.ts'
import { REFUNDS_TAB, type Views } from './use-views.ts'
import type { ViewQuestion } from './view-dialog.tsx'

const loadDialog = () => import('./view-dialog.tsx')
const loadAlerts = () => import('./view-alert.tsx')

/** Waiting refunds have a list of their own. */
const REFUNDS_PATH = '/refunds?view=in_progress'

type ViewTabsProps = {
  views: Views
  /** The view that is shown; undefined for a list that is none. */
  active: OrderView | undefined
  changed: boolean
  /** The list as it is now. */
  state: ViewState
  onSearch: (search: OrderSearch) => void
  onReset: () => void
}

/** The tabs of pinned views with what waits in them, the menu of all views, and what can be done with the one shown. */
export function ViewTabs({ views, active, changed, state, onSearch, onReset }: ViewTabsProps) {
  const [question, setQuestion] = useState<ViewQuestion | null>(null)
  const dialog = usePart(loadDialog, question !== null, () => setQuestion(null))
  const [watched, setWatched] = useState<OrderView | null>(null)
  const alerts = usePart(loadAlerts, watched !== null, () => setWatched(null))
  const { role } = useSession()
  const pinned = views.pinned.flatMap((id) => views.all.find((view) => view.id === id) ?? [])
  const unpinned = active && !views.pinned.includes(active.id) ? [active] : []
  const counts = useViewCounts([...pinned, ...unpinned])
  const saved = views.savedOf(active?.id)
  const saveNew = () => setQuestion({ kind: 'new', name: saved && !saved.mine ? saved.name : '' })
  useShortcut({ id: 'views.save', keys: 'Shift+V', label: 'Save view', group: 'This page', run: saveNew })

  const tabs = [...views.pinned, ...unpinned.map(({ id }) => id)].flatMap((id) => {
    if (id === REFUNDS_TAB) return [{ id, label: 'Refunds pending', to: REFUNDS_PATH }]
    const view = views.all.find((one) => one.id === id)
    if (!view) return []
    const isActive = id === active?.id
    return [
      {
        id,
        label: view.label,
        to: listPath(searchOf(view)),
        count: counts.get(id),
        changed: isActive && changed,
        sign: alerts ? <alerts.AlertSign view={id} /> : null,
      },
    ]
  })

  return (
    <TabsBar label="Views" tabs={tabs} active={active?.id ?? ''}>
      {changed && saved?.mine ? (
        <ActionButton tone="quiet" busy={views.busy} onPress={() => void views.save(saved, { state })}>
          Save
        </ActionButton>
      ) : null}
      <ActionButton tone="quiet" onPress={saveNew}>
        {changed ? (saved && !saved.mine ? 'Save a copy' : 'Save as new') : '+ Save view'}
      </ActionButton>
      {changed ? (
        <ActionButton tone="quiet" onPress={onReset}>
          Reset
        </ActionButton>
      ) : null}
      <ActionMenu
        label="Views"
        position="bottom-start"
        shortcut={{ id: 'views.menu', keys: 'V', label: 'Views' }}
        trigger={
          <button type="button" className="kit-button">
            Views
            <IconChevronDown size={14} stroke={1.75} aria-hidden />
          </button>
        }
        entries={[
          ...viewEntries(views, active, onSearch, alerts?.AlertSign),
          { kind: 'divider', id: 'divider' },
          { id: 'save', label: 'Save as new view…', keys: 'Shift+V', onPress: saveNew },
          ...(active ? activeEntries(views, active, saved, { ask: setQuestion, watch: setWatched }) : []),
        ]}
      />
      {question && dialog ? (
        <dialog.ViewDialog
          question={question}
          taken={new Set(views.saved.filter(({ mine }) => mine).map(({ name }) => name))}
          role={role}
          onClose={() => setQuestion(null)}
          onSave={(name, shared) =>
            question.kind === 'new'
              ? views.saveNew(name, shared, state)
              : views.save(question.view, { name, shared })
          }
        />
      ) : null}
      {watched && alerts ? <alerts.AlertDialog view={watched} onClose={() => setWatched(null)} /> : null}
    </TabsBar>
  )
}

/** All views: the built-in ones, one's own, and those that others share, with whose they are. */
function viewEntries(
  { all, saved }: Views,
  active: OrderView | undefined,
  onSearch: ViewTabsProps['onSearch'],
  AlertSign: ComponentType<{ view: string }> | undefined,
): MenuEntry[] {
  const owner = new Map(saved.map((view) => [view.id, view.mine ? null : view.ownerName]))
  return all.map((view) => {
    const by = owner.get(view.id)
    return {
      id: view.id,
      label: (
        <span style={view.id === active?.id ? { fontWeight: 600 } : undefined}>
          {view.label}
          {by ? <span className="caption"> by {by}</span> : null}{' '}
          {AlertSign ? <AlertSign view={view.id} /> : null}
        </span>
      ),
      onPress: () => onSearch(searchOf(view)),
    }
  })
}

function activeEntries(
  views: Views,
  active: OrderView,
  saved: SavedView | undefined,
  open: { ask: (question: ViewQuestion) => void; watch: (view: OrderView) => void },
): MenuEntry[] {
  const notMine = saved && !saved.mine ? `It belongs to ${saved.ownerName}.` : null
  const own: MenuEntry[] = saved
    ? [
        {
          id: 'rename',
          label: 'Rename…',
          disabledReason: notMine,
          onPress: () => open.ask({ kind: 'rename', view: saved }),
        },
        {
          id: 'share',
          label: saved.shared ? 'Stop sharing' : 'Share with the team',
          disabledReason: notMine,
          onPress: () => void views.save(saved, { shared: !saved.shared }),
        },
        {
          id: 'delete',
          label: 'Delete…',
          danger: true,
          disabledReason: saved.mayDelete ? null : notMine,
          onPress: () => void askToDelete(views, saved),
        },
      ]
    : []
  return [
    { kind: 'heading', id: 'active', label: active.label },
    { id: 'duplicate', label: 'Duplicate', onPress: () => void views.duplicate(active) },
    {
      id: 'pin',
      label: views.pinned.includes(active.id) ? 'Take from the tabs' : 'Pin as a tab',
      onPress: () => views.pin(active.id),
    },
    {
      id: 'default',
      label: views.preference?.defaultView === active.id ? 'No default view' : 'Open first, by default',
      onPress: () => views.makeDefault(active.id),
    },
    { id: 'alert', label: 'Notify me…', onPress: () => open.watch(active) },
    ...own,
  ]
}

async function askToDelete(views: Views, view: SavedView): Promise<void> {
  await confirm({
    title: `Delete the view ${view.name}?`,
    next: view.shared ? ['It goes for everybody on this account.'] : ['No order changes.'],
    tone: 'danger',
    verb: 'Delete view',
    run: async () => {
      await views.remove(view)
      return { kind: 'done' }
    },
  })
}
