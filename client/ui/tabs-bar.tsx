import type { ReactNode } from 'react'
import { useKit } from './kit-context.ts'
import css from './tabs-bar.module.css'

export type TabItem = {
  id: string
  label: string
  /** Address of the tab: tabs are links, so that each has a URL. */
  to: string
  count?: number | string | undefined
  /** What is shown is not as the tab has it: a dot. */
  changed?: boolean
}

/** View tabs of a list or the sections of a record. Tabs are links in a named navigation. */
export function TabsBar(props: {
  label: string
  tabs: readonly TabItem[]
  active: string
  children?: ReactNode
}) {
  const { link: Link } = useKit()
  return (
    <div className={css['bar']}>
      <nav aria-label={props.label} className={css['tabs']}>
        {props.tabs.map((tab) => (
          <Link
            key={tab.id}
            to={tab.to}
            className={css['tab']}
            aria-current={tab.id === props.active ? 'page' : undefined}
          >
            {tab.label}
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
