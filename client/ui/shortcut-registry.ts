/**
 * One registry of what can be done now: keys, shortcut sheet, palette and button hints all read it, so that they cannot
 * drift apart. Mounted components register their actions and take them away again.
 */
import { matchesChord, parseKeys, type Chord, type KeyPress } from './shortcut-keys.ts'

export type ActionGroup = 'This record' | 'This page' | 'Go to' | 'Start' | 'Settings'

export type Action = {
  id: string
  label: string
  /** Keys in the notation of shortcut-keys.ts; without keys the action is offered in the palette only. */
  keys?: string | undefined
  group?: ActionGroup
  run: () => void
  /** False takes the action out altogether (wrong page state). Default true. */
  when?: boolean | undefined
  /** Why it cannot be done now; the action is shown greyed and does not run. */
  disabledReason?: string | null | undefined
  /** `page` (default): not in fields, not in dialogs. `dialog`: inside dialogs. `everywhere`: Mod chords also in fields. */
  scope?: 'page' | 'dialog' | 'everywhere'
  /** False keeps it out of the palette (row movement, submit of a dialog). */
  palette?: boolean
  /** More words the palette finds it by. */
  keywords?: string
}

const SEQUENCE_TIMEOUT_MS = 1200
/** With Ctrl or ⌘: select all, cut, copy, paste, undo, redo, and the ends of the text. */
const TEXT_KEYS: ReadonlySet<string> = new Set(['a', 'c', 'v', 'x', 'y', 'z', 'Home', 'End'])

type Place = { inField: boolean; inDialog: boolean; singleKeys: boolean }
type Entry = { action: Action; chords: Chord[] }

let entries: readonly Entry[] = []
let actions: readonly Action[] = []
let pending: { pressed: readonly KeyPress[]; at: number } | null = null
const listeners = new Set<() => void>()

function publish(next: readonly Entry[]): void {
  entries = next
  actions = next.map((entry) => entry.action)
  for (const listener of listeners) listener()
}

/** Registers `action`; the returned function takes it away. A later registration of the same keys wins. */
export function registerAction(action: Action): () => void {
  const entry: Entry = { action, chords: action.keys ? parseKeys(action.keys) : [] }
  publish([...entries, entry])
  return () => publish(entries.filter((other) => other !== entry))
}

/** All registered actions, oldest first. The array is replaced on change. */
export function registeredActions(): readonly Action[] {
  return actions
}

/** Calls `listener` when actions come or go, or when a key sequence begins or ends. */
export function onActionsChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function allowed({ action, chords }: Entry, place: Place): boolean {
  const scope = action.scope ?? 'page'
  const first = chords[0]
  if (!first || action.when === false) return false
  if (first.mod || first.alt) {
    // In a field these belong to its text.
    if (place.inField && first.mod && TEXT_KEYS.has(first.key)) return false
    if (scope === 'everywhere') return true
    return place.inDialog === (scope === 'dialog')
  }
  // The setting is for keys that type a character: speech and slips of the hand do not say Escape or Home.
  if (place.inField || (!place.singleKeys && first.key.length === 1)) return false
  return place.inDialog === (scope === 'dialog')
}

export type KeyOutcome =
  { kind: 'none' } | { kind: 'pending'; keys: string } | { kind: 'run' | 'disabled'; action: Action }

/**
 * Feeds one key press to the registry. `atMs` is a monotonic clock: the keys of a sequence may be 1.2 s apart.
 * The caller runs the action and prevents the default of everything but `none`.
 */
export function pressKey(press: KeyPress, place: Place, atMs: number): KeyOutcome {
  const live = pending && atMs - pending.at <= SEQUENCE_TIMEOUT_MS ? pending.pressed : []
  pending = null
  for (const pressed of live.length ? [[...live, press], [press]] : [[press]]) {
    const candidates = entries.filter(
      (entry) =>
        entry.chords.length >= pressed.length &&
        allowed(entry, place) &&
        pressed.every((key, i) => {
          const chord = entry.chords[i]
          return chord !== undefined && matchesChord(chord, key)
        }),
    )
    const exact = candidates.findLast((entry) => entry.chords.length === pressed.length)
    if (exact) {
      return { kind: exact.action.disabledReason ? 'disabled' : 'run', action: exact.action }
    }
    if (candidates.length) {
      pending = { pressed, at: atMs }
      return { kind: 'pending', keys: pressed.map((key) => key.key.toUpperCase()).join(' ') }
    }
  }
  return { kind: 'none' }
}
