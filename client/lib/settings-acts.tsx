import { useMantineColorScheme } from '@mantine/core'
import { announce } from '../ui/announcer.tsx'
import { useShortcut } from '../ui/use-shortcut.ts'
import { DensityActs } from './density-acts.tsx'
import { setPreference, toggleTimeZone, usePreferences } from './preferences.ts'

/** How the screen looks and listens, by key and by name; the same choices as in the menu of the person. */
export function SettingsActs() {
  const { setColorScheme } = useMantineColorScheme()
  const { density, singleKeys } = usePreferences()
  useShortcut({
    id: 'zone',
    keys: 'Z',
    label: 'Switch IST or UTC',
    group: 'Settings',
    run: () => announce(`Times in ${toggleTimeZone()}`),
  })
  useShortcut({
    id: 'scheme.light',
    label: 'Light colours',
    group: 'Settings',
    keywords: 'theme',
    run: () => setColorScheme('light'),
  })
  useShortcut({
    id: 'scheme.dark',
    label: 'Dark colours',
    group: 'Settings',
    keywords: 'theme',
    run: () => setColorScheme('dark'),
  })
  useShortcut({
    id: 'single-keys',
    label: `Turn single-key shortcuts ${singleKeys ? 'off' : 'on'}`,
    group: 'Settings',
    keywords: 'keyboard',
    run: () => {
      setPreference('singleKeys', !singleKeys)
      announce(`Single-key shortcuts ${singleKeys ? 'off' : 'on'}`)
    },
  })
  return (
    <DensityActs
      density={density}
      onDensity={(next) => {
        setPreference('density', next)
        announce(`Row height ${next}`)
      }}
    />
  )
}
