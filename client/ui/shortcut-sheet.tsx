import { Dialog } from './dialog.tsx'
import { Kbd } from './kbd.tsx'
import { useActions } from './use-shortcut.ts'
import { isMac, spokenKeys } from './shortcut-keys.ts'
import type { Action, ActionGroup } from './shortcut-registry.ts'
import css from './shortcut-sheet.module.css'

const GROUPS: readonly ActionGroup[] = ['This record', 'This page', 'Go to', 'Settings']

/** Keys that work on every list and are no actions of their own. */
const GRID_KEYS: readonly { keys: string; label: string }[] = [
  { keys: 'Enter', label: 'Open the row' },
  { keys: 'Mod+Enter', label: 'Open the row in a new tab' },
  { keys: 'Home', label: 'First cell of the row' },
  { keys: 'End', label: 'Last cell of the row' },
  { keys: 'PageUp', label: 'Fifteen rows up' },
  { keys: 'PageDown', label: 'Fifteen rows down' },
  { keys: 'ArrowLeft', label: 'Previous cell' },
  { keys: 'ArrowRight', label: 'Next cell' },
  { keys: 'Shift+ArrowUp', label: 'Extend the selection upwards' },
  { keys: 'Shift+ArrowDown', label: 'Extend the selection downwards' },
]

/** `?`: every key that works on this page, read from the registry. */
export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const actions = useActions().filter(
    (action) => action.keys && action.when !== false && action.scope !== 'dialog',
  )
  const unique = [...new Map(actions.map((action) => [action.keys, action])).values()]
  const onList = unique.some((action) => action.id.startsWith('grid.'))
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts" width={720}>
      <div className={css['groups']}>
        {GROUPS.map((group) => (
          <Group
            key={group}
            title={group}
            actions={unique.filter((action) => (action.group ?? 'This page') === group)}
            more={group === 'This page' && onList ? GRID_KEYS : []}
          />
        ))}
      </div>
    </Dialog>
  )
}

type GroupProps = {
  title: string
  actions: readonly Action[]
  more: readonly { keys: string; label: string }[]
}

function Group({ title, actions, more }: GroupProps) {
  const lines = [...actions.map(({ keys = '', label }) => ({ keys, label })), ...more]
  if (lines.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className="section-heading">{title}</h3>
      <dl className={css['lines']}>
        {lines.map(({ keys, label }) => (
          <div key={keys} className={css['line']}>
            <dt>{label}</dt>
            <dd>
              <Kbd keys={keys} />
              <span className="visually-hidden">{spokenKeys(keys, isMac())}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
