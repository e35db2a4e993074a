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
}

export type PaletteGroup = { title: string; items: PaletteItem[] }

const ORDER: readonly string[] = ['This record', 'This page', 'Go to']

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

/**
 * What the palette lists for `text`: actions on the open record, of the page, places, found records, settings. Prefixes
 * narrow it: `>` actions only, `#` records only.
 */
export function paletteGroups(
  actions: readonly Action[],
  results: readonly PaletteItem[],
  text: string,
): PaletteGroup[] {
  const prefix = /^[>#]/.exec(text)?.[0]
  const query = (prefix ? text.slice(1) : text).trim()
  const offered = actions.filter((action) => action.palette !== false && action.when !== false)
  const unique = [...new Map(offered.map((action) => [action.id, action])).values()]
  const acts: PaletteItem[] = unique
    .filter((action) => matches(`${action.label} ${action.keywords ?? ''}`, query))
    .map((action) => ({
      id: action.id.replaceAll(/[^\w-]/g, '_'),
      label: action.label,
      group: action.group ?? 'This page',
      keys: action.keys,
      disabledReason: action.disabledReason,
      run: () => action.run(),
    }))
  const items = [...(prefix === '#' ? [] : acts), ...(prefix === '>' ? [] : results)]
  const titles = [...new Set(items.map(({ group }) => group))]
  const place = (title: string) => {
    const at = ORDER.indexOf(title)
    return at >= 0 ? at : title === 'Settings' ? ORDER.length + 1 : ORDER.length
  }
  return titles
    .toSorted((a, b) => place(a) - place(b))
    .map((title) => ({ title, items: items.filter(({ group }) => group === title) }))
}
