/** What hangs on a button and is loaded later: it opens by key and press, and gives the focus back to its button. */
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ColumnMenu } from '../../../client/ui/column-menu.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { ActionMenu } from '../../../client/ui/menu.tsx'
import { StatusChip } from '../../../client/ui/status-chip.tsx'

function Columns() {
  const [shown, setShown] = useState<readonly string[]>(['time'])
  return (
    <ColumnMenu
      columns={[
        { id: 'time', label: 'Time' },
        { id: 'utr', label: 'UTR' },
      ]}
      shown={shown}
      onChange={setShown}
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
  const screen = await render(
    <KitProvider>
      <Columns />
    </KitProvider>,
  )
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByLabelText('Find a column')).toHaveFocus()
  await userEvent.keyboard('utr{Tab} ')
  await expect.element(screen.getByRole('checkbox', { name: 'UTR' })).toBeChecked()
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByLabelText('Find a column')).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', { name: 'Columns' })).toHaveFocus()
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
