/** What the palette is open on: a text that is typed, or order ids that were pasted. */
import type { Pasted } from '../../server/domain/search-paste.ts'
import type { PaletteItem } from '../ui/palette-items.ts'
import { useRecentRecords } from './recent-records.ts'
import { useSession } from './session.ts'

type PastedOrders = Extract<Pasted, { kind: 'orders' }>

export type PaletteState = { open: boolean; text: string; orders: PastedOrders | null }

export const CLOSED: PaletteState = { open: false, text: '', orders: null }
export const EMPTY: PaletteState = { open: true, text: '', orders: null }

/** The palette on what was pasted: one thing is looked up, several ids are offered as a list. */
export function paletteOf(pasted: Exclude<Pasted, { kind: 'too_many' }>): PaletteState {
  if (pasted.kind === 'text') return { ...EMPTY, text: pasted.text }
  return { open: true, text: `${pasted.count} pasted order IDs`, orders: pasted }
}

/** The line that lists pasted orders, whenever they were made. */
export function pastedItem(
  { count, q }: PastedOrders,
  go: (path: string, newTab?: boolean) => void,
): PaletteItem {
  return {
    id: 'pasted',
    group: 'Orders',
    label: `Show these ${count} orders`,
    run: ({ newTab }) => go(`/transactions?q=${encodeURIComponent(q)}&t=all`, newTab),
  }
}

/** The records a person opened last, as lines. */
export function useRecentItems(go: (path: string, newTab?: boolean) => void): PaletteItem[] {
  const { user } = useSession()
  return useRecentRecords(user.id).map(({ path, label }) => ({
    id: `recent-${path.replaceAll(/[^\w-]/g, '_')}`,
    group: 'Recent',
    label,
    to: path,
    run: ({ newTab }) => go(path, newTab),
  }))
}
