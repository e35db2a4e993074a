import { useRef, useState, type ReactNode, type RefObject } from 'react'
import { announce } from '../../ui/announcer.tsx'
import type { Hold } from './feed-words.ts'
import css from './events.module.css'

/** Scrolled further than this, the list is being read and must not move. */
const AWAY_PX = 24

/**
 * Why the list stands still: paused by the person, scrolled away from the top, or a row has the focus and must not move
 * under the keyboard. A pinned row does not move, so its focus holds nothing.
 */
export function useHold({ pinned }: { pinned: boolean }) {
  const [paused, setPaused] = useState(false)
  const [away, setAway] = useState(false)
  const [inList, setInList] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const kind: Hold = paused ? 'paused' : away ? 'scrolled' : null

  function showNewest() {
    if (document.activeElement instanceof HTMLElement && frame.current?.contains(document.activeElement))
      document.activeElement.blur()
    frame.current?.querySelector('[role=grid]')?.parentElement?.scrollTo({ top: 0 })
    setPaused(false)
    setAway(false)
    setInList(false)
    announce('Newest events shown')
  }

  function togglePause() {
    if (paused) showNewest()
    else setPaused(true)
    announce(paused ? 'Resumed' : 'Paused')
  }

  return { kind, inList: inList && !pinned, frame, setAway, setInList, showNewest, togglePause }
}

type FeedFrameProps = {
  ref: RefObject<HTMLDivElement | null>
  onAway: (away: boolean) => void
  /** The focus entered or left a row. */
  onInList: (inList: boolean) => void
  /** Shows what waits; null when nothing does. */
  onHome: (() => void) | null
  children: ReactNode
}

/** Around the grid: notices that it is being read. */
export function FeedFrame({ ref, onAway, onInList, onHome, children }: FeedFrameProps) {
  return (
    <div
      ref={ref}
      className={css['grid']}
      onScrollCapture={(event) => {
        if (event.target instanceof HTMLElement) onAway(event.target.scrollTop > AWAY_PX)
      }}
      onFocus={(event) => onInList(event.target.closest('[data-row]') !== null)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onInList(false)
      }}
      onKeyDownCapture={(event) => {
        // In the grid, Home would only go to the first cell of the row.
        if (event.key !== 'Home' || event.ctrlKey || event.metaKey || onHome === null) return
        event.preventDefault()
        event.stopPropagation()
        onHome()
      }}
    >
      {children}
    </div>
  )
}
