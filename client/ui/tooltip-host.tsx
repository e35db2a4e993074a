import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import css from './tooltip-host.module.css'

/** As long as a pointer rests before it is taken for a question. */
const REST_MS = 400
const GAP_PX = 6
const EDGE_PX = 8

/**
 * The words of whatever has `data-tip`, beside it while the pointer rests on it or the keyboard is on it (WCAG 1.4.13:
 * Escape takes them away, and the pointer may go onto them). One for the page: a list has hundreds of chips with words
 * of their own, and each would else keep a tooltip ready. By touch only what has `data-tip-touch` says its words: a
 * button that cannot be pressed.
 */
export function TooltipHost() {
  const id = useId()
  const bubble = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState<{ anchor: HTMLElement; text: string } | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = (anchor: HTMLElement) => setShown({ anchor, text: anchor.dataset['tip'] ?? '' })
    const hide = () => {
      clearTimeout(timer)
      setShown(null)
    }
    function onPointerOver({ target, pointerType }: PointerEvent) {
      if (target instanceof Node && bubble.current?.contains(target)) return
      clearTimeout(timer)
      const anchor = tipOf(target)
      setShown((before) => (before && before.anchor !== anchor ? null : before))
      if (!anchor || (pointerType === 'touch' && anchor.dataset['tipTouch'] === undefined)) return
      timer = setTimeout(() => show(anchor), REST_MS)
    }
    function onFocusIn({ target }: FocusEvent) {
      clearTimeout(timer)
      const anchor = tipOf(target)
      if (anchor?.matches(':focus-visible')) show(anchor)
      else setShown(null)
    }
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') hide()
    }
    const listeners = [
      ['pointerover', onPointerOver],
      ['pointerdown', hide],
      ['focusin', onFocusIn],
      ['focusout', hide],
      ['keydown', onKeyDown],
      ['scroll', hide],
    ] as const
    for (const [name, listener] of listeners) document.addEventListener(name, listener as EventListener, true)
    document.documentElement.addEventListener('pointerleave', hide)
    return () => {
      clearTimeout(timer)
      for (const [name, listener] of listeners)
        document.removeEventListener(name, listener as EventListener, true)
      document.documentElement.removeEventListener('pointerleave', hide)
    }
  }, [])
  const anchor = shown?.anchor
  useLayoutEffect(() => {
    if (!anchor || !bubble.current) return
    place(bubble.current, anchor)
    if (anchor.hasAttribute('aria-describedby')) return
    anchor.setAttribute('aria-describedby', id)
    return () => anchor.removeAttribute('aria-describedby')
  }, [anchor, id])
  if (!shown) return null
  return (
    <div ref={bubble} id={id} role="tooltip" className={css['bubble']}>
      {shown.text}
    </div>
  )
}

function tipOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
}

/** Above the middle of the anchor, or below it where there is no room, and never over the edge of the window. */
function place(bubble: HTMLElement, anchor: HTMLElement): void {
  const { left, top, bottom, width } = anchor.getBoundingClientRect()
  const { offsetWidth, offsetHeight } = bubble
  const above = top - GAP_PX - offsetHeight
  const wanted = left + width / 2 - offsetWidth / 2
  const last = document.documentElement.clientWidth - EDGE_PX - offsetWidth
  bubble.style.left = `${Math.max(EDGE_PX, Math.min(wanted, last))}px`
  bubble.style.top = `${above >= EDGE_PX ? above : bottom + GAP_PX}px`
}
