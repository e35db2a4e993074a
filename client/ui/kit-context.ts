import { createContext, useContext, type FunctionComponent, type ReactNode } from 'react'
import type { TimeZoneChoice } from './time-format.ts'

export type Density = 'compact' | 'default' | 'comfortable'

/** What the kit needs of a router link; the application passes its own, tests a plain anchor. */
export type KitLinkProps = {
  to: string
  children: ReactNode
  className?: string | undefined
  tabIndex?: number
  'aria-label'?: string | undefined
  'aria-current'?: 'page' | undefined
  title?: string | undefined
}

export type KitSettings = {
  productName: string
  environment: 'sandbox' | 'production'
  timeZone: TimeZoneChoice
  density: Density
  /** Single-key shortcuts; people can turn them off (WCAG 2.1.4). */
  singleKeys: boolean
  link: FunctionComponent<KitLinkProps>
}

export const KitContext = createContext<KitSettings | null>(null)

/** Settings of the surrounding `KitProvider`. */
export function useKit(): KitSettings {
  const settings = useContext(KitContext)
  if (!settings) throw new Error('The kit is used outside KitProvider')
  return settings
}
