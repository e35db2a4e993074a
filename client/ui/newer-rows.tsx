import type { ReactNode, RefObject } from 'react'
import { announce } from './announcer.tsx'
import { Kbd } from './kbd.tsx'
import { useShortcut } from './use-shortcut.ts'
import css from './newer-rows.module.css'

/** A line over a list; pressing it changes which rows the list shows. */
export function ListLine({ onPress, children }: { onPress: () => void; children: ReactNode }) {
  return (
    <button type="button" className={css['line']} onClick={onPress}>
      {children}
    </button>
  )
}

/** Scrolls the grid that stands in an element to its beginning. */
export function scrollToTop(around: HTMLElement | null): void {
  around?.querySelector('[role=grid]')?.parentElement?.scrollTo({ top: 0 })
}

/** Which row of the grid that stands in an element is the first that is drawn. */
export function firstDrawnRow(around: HTMLElement | null): number {
  const drawn = [...(around?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
  const indexes = drawn.map((row) => Number(row.dataset['row'])).filter((index) => index >= 0)
  return indexes.length === 0 ? 0 : Math.min(...indexes)
}

type NewerRowsProps = {
  /** Rows that are newer than the first one shown. With none there is no line. */
  count: number
  /** What the rows are: "orders". */
  what: string
  /** What the grid stands in. */
  around: RefObject<HTMLElement | null>
  /** Begins again from the newest row. */
  onShow: () => Promise<void>
}

/** Says how many rows are newer than those shown. Pressing it, or `Home`, shows them from the top. */
export function NewerRows({ count, what, around, onShow }: NewerRowsProps) {
  function toTop() {
    scrollToTop(around.current)
    void onShow().then(() => announce(`Newest ${what} shown`))
  }
  useShortcut(
    count > 0 ? { id: `${what}.newest`, keys: 'Home', label: `Show new ${what}`, run: toTop } : null,
  )
  if (count === 0) return null
  return (
    <ListLine onPress={toTop}>
      {count > 99 ? '99+' : count} new. Press <Kbd keys="Home" />
      <span className="visually-hidden">Home</span> to show
    </ListLine>
  )
}
