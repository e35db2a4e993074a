import { useMemo, useRef, type ReactNode } from 'react'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import IconFlask from '@tabler/icons-react/dist/esm/icons/IconFlask.mjs'
import { FrameContext } from './frame-context.ts'
import { Kbd } from './kbd.tsx'
import { LiveSign, type LiveState } from './live-sign.tsx'
import type { MenuTrigger } from './menu.tsx'
import { NavSidebar, PhoneNav, type NavItem } from './nav-sidebar.tsx'
import { useKit } from './kit-context.ts'
import css from './app-frame.module.css'

export type AppFrameProps = {
  nav: readonly NavItem[]
  /** Address of the page on screen; the nav item it lies under is the current one. */
  currentPath: string
  user: { name: string; role: string }
  /** Foot of the sidebar: a menu around the person's name. */
  userMenu: (trigger: MenuTrigger) => ReactNode
  live: LiveState
  onSearch: () => void
  onToggleTimeZone: () => void
  /** Long work that goes on, in the top bar. */
  running?: ReactNode
  /** The next page is on its way: shows the thin line under the top bar. */
  loading?: boolean
  /** A strip under the top bar for states of the whole account (offline, refunds stopped). */
  banner?: ReactNode
  children: ReactNode
}

/** The signed-in page: sidebar, top bar with title, search, environment, time zone and live state, and the content. */
export function AppFrame(props: AppFrameProps) {
  const { environment, timeZone } = useKit()
  const titleSlot = useRef<HTMLDivElement>(null)
  const visited = useRef(false)
  const frame = useMemo(() => ({ titleSlot, visited }), [])
  return (
    <FrameContext value={frame}>
      <a href="#content" className={css['skip']}>
        Skip to content
      </a>
      <div className={css['frame']} data-environment={environment}>
        <NavSidebar
          nav={props.nav}
          currentPath={props.currentPath}
          user={props.user}
          userMenu={props.userMenu}
        />
        <header className={css['topbar']}>
          <div ref={titleSlot} className={css['titleSlot']} />
          {props.running}
          <button
            type="button"
            className={css['search']}
            onClick={props.onSearch}
            aria-keyshortcuts="Control+K Meta+K"
          >
            <IconSearch size={16} stroke={1.75} aria-hidden />
            <span className={css['searchText']}>Search or jump to</span>
            <Kbd keys="Mod+K" />
          </button>
          {environment === 'sandbox' ? (
            <span className={css['sandbox']}>
              <IconFlask size={14} stroke={1.75} aria-hidden />
              SANDBOX
            </span>
          ) : (
            <span className={css['production']}>Live account</span>
          )}
          <button
            type="button"
            className={css['sign']}
            onClick={props.onToggleTimeZone}
            aria-label={`Time zone ${timeZone}, switch to ${timeZone === 'IST' ? 'UTC' : 'IST'}`}
            aria-keyshortcuts="Z"
            title="Switch IST and UTC (Z)"
          >
            {timeZone}
          </button>
          <LiveSign state={props.live} />
        </header>
        <main id="content" tabIndex={-1} className={css['content']}>
          {props.loading ? <div className={css['progress']} aria-hidden /> : null}
          {props.banner}
          {props.children}
        </main>
        <PhoneNav nav={props.nav} currentPath={props.currentPath} userMenu={props.userMenu} />
      </div>
    </FrameContext>
  )
}
