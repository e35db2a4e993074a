import type { ReactNode } from 'react'
import type { Action } from './shortcut-registry.ts'

/** A line of the palette: an action, a place, or a record that was found. */
export type PaletteItem = {
  id: string
  label: string
  /** Heading it comes under. */
  group: string
  detail?: ReactNode
  keys?: string | undefined
  disabledReason?: string | null | undefined
  run: (how: { newTab: boolean }) => void
  /** Where a record is, for screens that draw it as a link. */
  to?: string
  /** What else can be done with a record; Tab lists it below. */
  more?: readonly PaletteAct[]
}

/** One thing that can be done with a record, in its line of the palette. */
export type PaletteAct = { id: string; label: string; disabledReason?: string | null; run: () => void }

export type PaletteGroup = { title: string; items: PaletteItem[] }

/** Groups of the person's own and of the app; found records follow, and settings close the list. */
const ORDER: readonly string[] = ['Help', 'This record', 'This page', 'Recent', 'Go to', 'Start']
const LAST = 'Settings'

/** What narrows the palette to one kind of line, and how it is told. */
const PREFIXES = [
  ['>', 'actions only'],
  ['#', 'orders, refunds, events and batches only'],
  ['@', 'people, or payments by the end of an address'],
  ['?', 'this help'],
] as const

/** The prefix of a text and what stands behind it. */
export function splitPrefix(text: string): { prefix: string | null; query: string } {
  const prefix = /^[>#@?]/.exec(text)?.[0] ?? null
  return { prefix, query: (prefix === null ? text : text.slice(1)).trim() }
}

/** Whether every word of `query` begins a word of `text`, or stands somewhere in it from three letters on. */
function matches(text: string, query: string): boolean {
  const hay = text.toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every(
      (word) =>
        hay.split(/\s+/).some((part) => part.startsWith(word)) || (word.length > 2 && hay.includes(word)),
    )
}

/** Lines of other kinds than actions: what was open last, and what was found. */
export type PaletteRecords = { recent: readonly PaletteItem[]; found: readonly PaletteItem[] }

/**
 * What the palette lists for `text`: actions on the open record, of the page, recent records, places, found records,
 * settings. Prefixes narrow it: `>` actions only, `#` records only, `@` people, `?` help.
 */
export function paletteGroups(
  actions: readonly Action[],
  { recent, found }: PaletteRecords,
  text: string,
): PaletteGroup[] {
  const { prefix, query } = splitPrefix(text)
  const offered = actions.filter((action) => action.palette !== false && action.when !== false)
  const acts: PaletteItem[] = oneEach(offered)
    .filter((action) => matches(`${action.label} ${action.keywords ?? ''}`, query))
    .map((action) => ({
      id: action.id.replaceAll(/[^\w-]/g, '_'),
      label: action.label,
      group: action.group ?? 'This page',
      keys: action.keys,
      disabledReason: action.disabledReason,
      run: () => action.run(),
    }))
  // A record that was found says more of itself there.
  const shown = new Set(found.map(({ to }) => to))
  const known = recent.filter((item) => matches(item.label, query) && !shown.has(item.to))
  const items =
    prefix === '?'
      ? [...helpItems(), ...acts.filter((item) => item.id === 'sheet')]
      : [
          ...(prefix === '#' || prefix === '@' ? [] : acts),
          ...(prefix === null || prefix === '#' ? known : []),
          ...(prefix === '>' ? [] : found),
        ]
  const titles = [...new Set(items.map(({ group }) => group))]
  const place = (title: string) => {
    const at = ORDER.indexOf(title)
    return at >= 0 ? at : title === LAST ? ORDER.length + 1 : ORDER.length
  }
  return titles
    .toSorted((a, b) => place(a) - place(b))
    .map((title) => ({ title, items: items.filter(({ group }) => group === title) }))
}

/**
 * One for each id, the latest, but what a page offers before what leads to such a page (design §3.3): it has the key and
 * stays on the page as it is. The palette comes after the page when that was opened directly, and before it otherwise.
 */
function oneEach(actions: readonly Action[]): readonly Action[] {
  const byId = new Map<string, Action>()
  for (const action of actions)
    if (action.group !== 'Start' || !byId.has(action.id)) byId.set(action.id, action)
  return [...byId.values()]
}

function helpItems(): PaletteItem[] {
  return PREFIXES.map(([prefix, words]) => ({
    id: `help-${words.replaceAll(/\W/g, '_')}`,
    label: `${prefix}  ${words}`,
    group: 'Help',
    disabledReason: 'Type it first',
    run: () => undefined,
  }))
}
