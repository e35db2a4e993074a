/** What hangs on a button and is loaded later: it opens by key and press, and gives the focus back to its button. */
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ColumnMenu, type ColumnMenuProps } from '../../../client/ui/column-menu.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { ActionMenu } from '../../../client/ui/menu.tsx'
import { StatusChip } from '../../../client/ui/status-chip.tsx'

/** The menu, opened; it draws what was chosen when `arrive` is called, as a list does whose columns are in the address. */
async function openLateColumns() {
  let order: readonly string[] = ['time', 'bank']
  const drawn = () => (
    <KitProvider>
      <Columns shown={order} onChange={(change) => (order = change(order))} />
      <button type="button">What follows</button>
    </KitProvider>
  )
  const screen = await render(drawn())
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByLabelText('Find a column')).toHaveFocus()
  return { screen, arrive: () => screen.rerender(drawn()) }
}

function Columns({ shown, onChange }: Pick<ColumnMenuProps, 'shown' | 'onChange'>) {
  return (
    <ColumnMenu
      columns={[
        { id: 'time', label: 'Time' },
        { id: 'bank', label: 'Bank' },
        { id: 'utr', label: 'UTR' },
      ]}
      shown={shown}
      onChange={onChange}
      density="default"
      onDensity={() => {}}
      onReset={() => {}}
    />
  )
}

test('a menu opens by its key and by a press, runs its line, and the focus goes back', async () => {
  const onPress = vi.fn()
  const screen = await render(
    <KitProvider>
      <ActionMenu
        label="Time range"
        shortcut={{ id: 'time', keys: 'T', label: 'Time range' }}
        entries={[
          { id: 'today', label: 'Today', onPress },
          { id: 'never', label: 'Never', disabledReason: 'Not now', onPress },
        ]}
        trigger={<button type="button">Last hour</button>}
      />
    </KitProvider>,
  )
  const button = screen.getByRole('button', { name: 'Last hour' })
  await userEvent.keyboard('t')
  await expect.element(screen.getByRole('menuitem', { name: 'Today' })).toHaveFocus()
  await expect.element(button).toHaveAttribute('aria-expanded', 'true')
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByRole('menu')).not.toBeInTheDocument()
  await expect.element(button).toHaveFocus()
  await expect.element(button).toHaveAttribute('aria-expanded', 'false')
  await button.click()
  await screen.getByRole('menuitem', { name: /^Never/ }).click({ force: true })
  expect(onPress).not.toHaveBeenCalled()
  await screen.getByRole('menuitem', { name: 'Today' }).click()
  expect(onPress).toHaveBeenCalledOnce()
  await expect.element(button).toHaveFocus()
  // A press on the button of an open menu closes it and does not open it again.
  await button.click()
  await expect.element(screen.getByRole('menu')).toBeVisible()
  await button.click()
  await expect.element(screen.getByRole('menu')).not.toBeInTheDocument()
})

test('Escape closes the choice of columns from anywhere in it, and the focus goes back', async () => {
  const { screen, arrive } = await openLateColumns()
  await userEvent.keyboard('utr{Tab} ')
  await arrive()
  await expect.element(screen.getByRole('checkbox', { name: 'UTR' })).toBeChecked()
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByLabelText('Find a column')).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', { name: 'Columns' })).toHaveFocus()
})

test('who has gone on when the choice of columns is there is not called back', async () => {
  let box: HTMLInputElement | null = null
  const watch = new MutationObserver(() => {
    box ??= document.querySelector<HTMLInputElement>('input[type=checkbox]')
    box?.focus()
    if (box) watch.disconnect()
  })
  watch.observe(document.body, { childList: true, subtree: true })
  await render(
    <KitProvider>
      <Columns shown={['time']} onChange={() => {}} />
    </KitProvider>,
  )
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  await expect.poll(() => box).not.toBeNull()
  for (let frame = 0; frame < 5; frame += 1) await new Promise(requestAnimationFrame)
  expect(document.activeElement).toBe(box)
})

test('Tab leads out of the choice of columns, and closes it behind', async () => {
  const { screen } = await openLateColumns()
  screen.getByRole('button', { name: 'Reset' }).element().focus()
  await userEvent.tab()
  await expect.element(screen.getByRole('button', { name: 'What follows' })).toHaveFocus()
  await expect.element(screen.getByLabelText('Find a column')).not.toBeInTheDocument()
})

test('no key is lost when the second comes before the first is drawn', async () => {
  const { screen, arrive } = await openLateColumns()
  await userEvent.keyboard('utr{Tab} {Alt>}{ArrowUp}{ArrowUp}{/Alt}')
  await expect.element(screen.getByRole('checkbox', { name: 'UTR' })).not.toBeChecked()
  await arrive()
  await expect.element(screen.getByRole('checkbox', { name: 'UTR' })).toBeChecked()
  await expect.element(screen.getByRole('status')).toHaveTextContent('UTR, column 1 of 3')
  await screen.getByLabelText('Find a column').clear()
  const boxes = screen.getByRole('checkbox').elements()
  expect(boxes.map((box) => box.closest('label')?.textContent)).toEqual(['UTR', 'Time', 'Bank'])
})

test('a chip says more while the pointer rests on it, until Escape', async () => {
  const detail = 'CHARGED (21), set 14:33:21 IST by webhook'
  const screen = await render(
    <KitProvider>
      <StatusChip status="charged" detail={detail} />
    </KitProvider>,
  )
  await screen.getByText('Charged').hover()
  const tip = screen.getByRole('tooltip')
  await expect.element(tip).toHaveTextContent(detail)
  await expect.element(tip).toBeInViewport({ ratio: 1 })
  await userEvent.keyboard('{Escape}')
  await expect.element(tip).not.toBeInTheDocument()
})
