import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { DensityActs } from '../../../client/lib/density-acts.tsx'
import { setPreference, usePreferences } from '../../../client/lib/preferences.ts'
import { SettingsActs } from '../../../client/lib/settings-acts.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { registeredActions } from '../../../client/ui/shortcut-registry.ts'

/** As the palette has it: of two with one id the later. */
const act = (id: string) => registeredActions().findLast((action) => action.id === id)

function Chosen() {
  const { density, singleKeys } = usePreferences()
  return <p>{`${density}, ${singleKeys ? 'on' : 'off'}`}</p>
}

test('row height and single keys are chosen by name', async () => {
  setPreference('density', 'default')
  setPreference('singleKeys', true)
  const screen = await render(
    <KitProvider>
      <SettingsActs />
      <Chosen />
    </KitProvider>,
  )
  act('density.compact')?.run()
  await expect.element(screen.getByText('compact, on')).toBeVisible()
  expect(act('single-keys')?.label).toBe('Turn single-key shortcuts off')
  act('single-keys')?.run()
  await expect.element(screen.getByText('compact, off')).toBeVisible()
  await expect.poll(() => act('single-keys')?.label).toBe('Turn single-key shortcuts on')
  setPreference('singleKeys', true)
  setPreference('density', 'default')
})

test('a list that keeps its own row height is what key and palette change', async () => {
  const onDensity = vi.fn()
  await render(
    <KitProvider>
      <SettingsActs />
      <DensityActs density="comfortable" onDensity={onDensity} />
    </KitProvider>,
  )
  act('density.default')?.run()
  await userEvent.keyboard('d')
  expect(onDensity.mock.calls).toEqual([['default'], ['compact']])
})
