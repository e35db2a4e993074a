import type { Icon } from '@tabler/icons-react'
import IconUser from '@tabler/icons-react/dist/esm/icons/IconUser.mjs'
import type { ReactNode } from 'react'
import { useKit } from './kit-context.ts'
import type { MenuTrigger } from './menu.tsx'
import css from './app-frame.module.css'

export type NavItem = {
  to: string
  /** Further addresses that belong to it, though they are not below it. */
  covers?: readonly string[]
  label: string
  icon: Icon
  /** Things that wait; not announced when it changes. Zero is not shown. */
  count?: number | undefined
  /** Items with a section come under its heading. */
  section?: string
  /** Shown in the bottom bar on phones (at most four). */
  phone?: boolean
}

const COUNT_MAX = 999

/** The item the path lies under: the longest address that is a prefix of it. "/" matches itself only. */
export function currentItem(nav: readonly NavItem[], path: string): NavItem | undefined {
  return nav
    .flatMap((item) => [item.to, ...(item.covers ?? [])].map((address) => ({ item, address })))
    .filter(({ address }) => path === address || (address !== '/' && path.startsWith(`${address}/`)))
    .toSorted((a, b) => b.address.length - a.address.length)[0]?.item
}

type SidebarProps = {
  nav: readonly NavItem[]
  currentPath: string
  user: { name: string; role: string }
  userMenu: (trigger: MenuTrigger) => ReactNode
}

/** Product name, pages with counts, and who is signed in. Narrow screens show icons only. */
export function NavSidebar({ nav, currentPath, user, userMenu }: SidebarProps) {
  const { productName } = useKit()
  const current = currentItem(nav, currentPath)
  const sections = [...new Set(nav.map(({ section }) => section))]
  return (
    <nav aria-label="Main" className={css['sidebar']}>
      <div className={css['brand']}>
        <span className={css['mark']} aria-hidden>
          {productName.slice(0, 1)}
        </span>
        <span className={css['brandName']}>{productName}</span>
      </div>
      <div className={css['nav']}>
        {sections.map((section) => (
          <div key={section ?? ''}>
            {section ? (
              <p className={css['section']} id={`nav-${section}`}>
                {section}
              </p>
            ) : null}
            <ul className={css['list']} aria-labelledby={section ? `nav-${section}` : undefined}>
              {nav
                .filter((item) => item.section === section)
                .map((item) => (
                  <li key={item.to}>
                    <NavLink item={item} current={item === current} />
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </div>
      {userMenu(
        <button type="button" className={css['user']}>
          <IconUser size={16} stroke={1.75} aria-hidden />
          <span className={css['userName']}>{user.name}</span>
          <span className={css['role']}>{user.role}</span>
        </button>,
      )}
    </nav>
  )
}

function NavLink({ item, current }: { item: NavItem; current: boolean }) {
  const { link: Link } = useKit()
  const Shape = item.icon
  return (
    <Link to={item.to} className={css['item']} aria-current={current ? 'page' : undefined} title={item.label}>
      <Shape size={16} stroke={1.75} aria-hidden />
      <span className={css['itemLabel']}>{item.label}</span>
      {item.count ? (
        <span className={css['itemCount']}>
          {item.count > COUNT_MAX ? `${COUNT_MAX}+` : item.count}
          <span className="visually-hidden"> waiting</span>
        </span>
      ) : null}
    </Link>
  )
}

/** The bottom bar of phones. */
export function PhoneNav({ nav, currentPath, userMenu }: Omit<SidebarProps, 'user'>) {
  const { link: Link } = useKit()
  const current = currentItem(nav, currentPath)
  return (
    <nav aria-label="Main, phone" className={css['phoneNav']}>
      {nav
        .filter(({ phone }) => phone)
        .map((item) => (
          <Link
            key={item.to}
            to={item.to}
            className={css['phoneItem']}
            aria-current={item === current ? 'page' : undefined}
          >
            <item.icon size={22} stroke={1.75} aria-hidden />
            {item.label}
          </Link>
        ))}
      {userMenu(
        <button type="button" className={css['phoneItem']}>
          <IconUser size={22} stroke={1.75} aria-hidden />
          You
        </button>,
      )}
    </nav>
  )
}
