import { useLayoutEffect, useRef, type FocusEvent } from 'react'

/**
 * For a part of the page that goes by itself, like a sign of work that ended: when the focus is in it then, it goes back
 * to where it came from. Put the answer on the part as `onFocus`; a menu that hangs on it counts as it.
 */
export function useFocusReturn(): (event: FocusEvent<HTMLElement>) => void {
  const from = useRef<HTMLElement | null>(null)
  const inside = useRef(new WeakSet<EventTarget>())
  useLayoutEffect(() => {
    const seen = inside.current
    return () => {
      if (document.activeElement !== null && seen.has(document.activeElement)) focusBack(from.current)
    }
  }, [])
  return ({ target, relatedTarget }) => {
    inside.current.add(target)
    if (relatedTarget !== null && inside.current.has(relatedTarget)) return
    from.current = relatedTarget instanceof HTMLElement ? relatedTarget : null
  }
}

/**
 * To where it came from, or to the main part of the page when that is gone: left to fall to the body, the next Tab would
 * begin at the top. The page stays where it is scrolled to, for the part goes unasked.
 */
export function focusBack(from: HTMLElement | null): void {
  from?.focus({ preventScroll: true })
  if (from === null || document.activeElement !== from)
    document.querySelector('main')?.focus({ preventScroll: true })
}
