import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Paper.css'
import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/CloseButton.css'
import '@mantine/core/styles/Loader.css'
import '@mantine/core/styles/Overlay.css'
import '@mantine/core/styles/ModalBase.css'
import '@mantine/core/styles/Modal.css'
import '@mantine/core/styles/Menu.css'
import '@mantine/core/styles/Notification.css'
import '@mantine/core/styles/ScrollArea.css'
import '@mantine/notifications/styles.css'
import './tokens.css'
import './fonts.css'
import './base.css'
import { MantineProvider, type MantineColorSchemeManager } from '@mantine/core'
import type { ReactNode } from 'react'
import { Announcer } from './announcer.tsx'
import { ConfirmHost } from './confirm-host.tsx'
import { KitContext, type KitLinkProps, type KitSettings } from './kit-context.ts'
import { ShortcutListener } from './shortcut-listener.tsx'
import { resolver, theme } from './theme.ts'
import { Toasts } from './toasts.tsx'
import { TooltipHost } from './tooltip-host.tsx'

const DEFAULTS: KitSettings = {
  productName: 'Paydesk',
  environment: 'sandbox',
  timeZone: 'IST',
  density: 'default',
  singleKeys: true,
  link: PlainLink,
}

/** Used where there is no router (tests). */
function PlainLink({ to, ...rest }: KitLinkProps) {
  return <a href={to} {...rest} />
}

export type KitProviderProps = {
  settings?: Partial<KitSettings>
  colorSchemeManager?: MantineColorSchemeManager
  colorScheme?: 'light' | 'dark'
  children: ReactNode
}

/** Theme, settings, live region, toasts, confirm service and key listener: everything the kit's parts rely on. */
export function KitProvider({ settings, colorSchemeManager, colorScheme, children }: KitProviderProps) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolver}
      defaultColorScheme="auto"
      {...(colorSchemeManager && { colorSchemeManager })}
      {...(colorScheme && { forceColorScheme: colorScheme })}
    >
      <KitContext value={{ ...DEFAULTS, ...settings }}>
        {children}
        <ConfirmHost />
        <ShortcutListener />
        <Announcer />
        <Toasts />
        <TooltipHost />
      </KitContext>
    </MantineProvider>
  )
}
