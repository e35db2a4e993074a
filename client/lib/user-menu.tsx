import { useMantineColorScheme } from '@mantine/core'
import { ActionMenu, type MenuTrigger } from '../ui/menu.tsx'
import { nextDensity, setPreference, usePreferences } from './preferences.ts'
import { useSession } from './session.ts'

const SCHEMES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'Match system' },
] as const

type UserMenuProps = {
  trigger: MenuTrigger
  /** Notes that name the person and are not seen yet. */
  mentions: number
  onMentions: () => void
  onNotifications: () => void
  onSecurity: () => void
  onShortcuts: () => void
  onSignOut: () => void
}

/** Who is signed in, how the screen looks, and the way out. */
export function UserMenu({
  trigger,
  mentions,
  onMentions,
  onNotifications,
  onSecurity,
  onShortcuts,
  onSignOut,
}: UserMenuProps) {
  const { user } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { singleKeys, density } = usePreferences()
  return (
    <ActionMenu
      label="You"
      position="top-start"
      trigger={trigger}
      entries={[
        { kind: 'heading', id: 'who', label: user.email },
        { kind: 'divider', id: 'd1' },
        ...SCHEMES.map(({ value, label }) => ({
          kind: 'check' as const,
          id: value,
          label,
          checked: colorScheme === value,
          onPress: () => setColorScheme(value),
        })),
        { kind: 'divider', id: 'd2' },
        {
          id: 'density',
          label: `Row height: ${density}`,
          keys: 'D',
          onPress: () => setPreference('density', nextDensity(density)),
        },
        {
          kind: 'check',
          id: 'keys',
          label: 'Single-key shortcuts',
          checked: singleKeys,
          onPress: () => setPreference('singleKeys', !singleKeys),
        },
        { id: 'mentions', label: mentions > 0 ? `For you: ${mentions} new` : 'For you', onPress: onMentions },
        { id: 'notifications', label: 'Notifications', onPress: onNotifications },
        { id: 'security', label: 'Security', onPress: onSecurity },
        { id: 'sheet', label: 'Keyboard shortcuts', keys: '?', onPress: onShortcuts },
        { kind: 'divider', id: 'd3' },
        { id: 'out', label: 'Sign out', onPress: onSignOut },
      ]}
    />
  )
}
