import { useEffect, useRef, type ReactNode } from 'react'
import { useKit } from './kit-context.ts'
import css from './tabs-bar.module.css'

/** As much of the next tab as says that there is one. */
const NEXT_PX = 24

export type TabItem = {
  id: string
  label: string
  /** Address of the tab: tabs are links, so that each has a URL. */
  to: string
  count?: number | string | undefined
  /** What is shown is not as the tab has it: a dot. */
  changed?: boolean
  /** A mark after the label, with words of its own. */
  sign?: ReactNode
}

/** View tabs of a list or the sections of a record. Tabs are links in a named navigation. */
export function TabsBar(props: {
  label: string
  tabs: readonly TabItem[]
  active: string
  children?: ReactNode
}) {
  const { link: Link } = useKit()
  const bar = useRef<HTMLDivElement>(null)
  // On a phone there are more tabs than room.
  useEffect(() => showActive(bar.current), [props.active])
  return (
    <div ref={bar} className={css['bar']}>
      <nav aria-label={props.label} className={css['tabs']}>
        {props.tabs.map((tab) => (
          <Link
            key={tab.id}
            to={tab.to}
            className={css['tab']}
            aria-current={tab.id === props.active ? 'page' : undefined}
          >
            {tab.label}
            {tab.sign}
            {tab.changed ? (
              <span className={css['dot']}>
                <span className="visually-hidden">, changed</span>
              </span>
            ) : null}
            {tab.count === undefined ? null : <span className={css['count']}>{tab.count}</span>}
          </Link>
        ))}
      </nav>
      {props.children}
    </div>
  )
}

/** Scrolls the bar, and nothing around it, until the active tab is whole with a little of what comes next. */
function showActive(bar: HTMLElement | null): void {
  const tab = bar?.querySelector('[aria-current]')
  if (!bar || !tab) return
  const box = bar.getBoundingClientRect()
  const { left, right } = tab.getBoundingClientRect()
  if (right > box.right) bar.scrollLeft += right - box.right + NEXT_PX
  else if (left < box.left) bar.scrollLeft -= box.left - left + NEXT_PX
}
