/** What can be done with selected rows: four buttons and a menu, and less on a phone. */
import { beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { SelectionBar, type BarAct } from '../../../client/ui/selection-bar.tsx'

beforeEach(() => page.viewport(1280, 800))

async function bar(count: number) {
  const onPress = vi.fn<(id: string) => void>()
  const acts = ['Refund 2 of 3…', 'Check status', 'Export', 'Add tag', 'Copy rows'].map(
    (words, i): BarAct => ({
      id: `act.${i}`,
      words,
      shortcut: { keys: String(i + 1), label: words },
      onPress: () => onPress(words),
    }),
  )
  const screen = await render(
    <KitProvider>
      <SelectionBar
        count={3}
        noun="orders"
        summary="₹17,598.00"
        onClear={() => onPress('Clear')}
        acts={acts.slice(0, count)}
      />
    </KitProvider>,
  )
  const group = screen.getByRole('group', { name: 'Bulk actions' })
  const buttons = () => group.getByRole('button').elements()
  const names = () => buttons().map((button) => button.getAttribute('aria-label') ?? button.textContent)
  return { screen, group, buttons, names, onPress }
}

test('four acts stand side by side, without a menu', async () => {
  const { names } = await bar(4)
  expect(names()).toEqual(['Refund 2 of 3…', 'Check status', 'Export', 'Add tag', 'Clear selection'])
})

test('of five, two are in the menu: by keyboard too, and by their keys while it is closed', async () => {
  const { screen, group, names, onPress } = await bar(5)
  expect(names()).toEqual(['Refund 2 of 3…', 'Check status', 'Export', 'More', 'Clear selection'])
  const more = group.getByRole('button', { name: 'More' })
  more.element().focus()
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByRole('menuitem', { name: 'Add tag' })).toHaveFocus()
  await userEvent.keyboard('{ArrowDown}{Enter}')
  expect(onPress.mock.calls).toEqual([['Copy rows']])
  await expect.element(more).toHaveFocus()
  await userEvent.keyboard('4')
  expect(onPress).toHaveBeenLastCalledWith('Add tag')
})

test('a phone has one act and the menu beside the cross, in one line under what is selected', async () => {
  await page.viewport(390, 844)
  const { screen, group, buttons, names } = await bar(5)
  expect(names()).toEqual(['Refund 2 of 3…', 'More', 'Clear selection'])
  const tops = buttons().map((button) => button.getBoundingClientRect().top)
  expect(new Set(tops).size).toBe(1)
  expect(group.getByText('₹17,598.00').element().getBoundingClientRect().bottom).toBeLessThanOrEqual(
    tops[0] ?? 0,
  )
  expect(document.documentElement.scrollWidth).toBe(390)
  await group.getByRole('button', { name: 'More' }).click()
  await expect.element(screen.getByRole('menuitem', { name: 'Check status' })).toBeVisible()
  expect(screen.getByRole('menuitem').elements()).toHaveLength(4)
})
