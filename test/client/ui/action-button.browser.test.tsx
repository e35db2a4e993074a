import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ActionButton } from '../../../client/ui/action-button.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

const refund = { id: 'order.refund', keys: 'R', label: 'Refund' }

test('its key does what its press does, and the key is told to assistive technology', async () => {
  const onPress = vi.fn()
  const screen = await render(
    <KitProvider>
      <ActionButton onPress={onPress} shortcut={refund}>
        Refund
      </ActionButton>
    </KitProvider>,
  )
  const button = screen.getByRole('button', { name: 'Refund' })
  await expect.element(button).toHaveAttribute('aria-keyshortcuts', 'R')
  await button.click()
  await userEvent.keyboard('r')
  expect(onPress).toHaveBeenCalledTimes(2)
})

test('a button that cannot be used stays reachable, gives its reason and does nothing', async () => {
  const onPress = vi.fn()
  const reason = 'Nothing left to refund'
  const screen = await render(
    <KitProvider>
      <ActionButton onPress={onPress} shortcut={refund} disabledReason={reason}>
        Refund
      </ActionButton>
    </KitProvider>,
  )
  const button = screen.getByRole('button', { name: 'Refund' })
  await userEvent.tab()
  await expect.element(button).toHaveFocus()
  await expect.element(button).toHaveAccessibleDescription(reason)
  await expect.element(screen.getByRole('tooltip')).toHaveTextContent(reason)
  await userEvent.keyboard('{Enter}')
  await userEvent.keyboard('r')
  expect(onPress).not.toHaveBeenCalled()
  // The key answers too: with the reason, in a toast.
  await expect.element(screen.getByText(reason).last()).toBeVisible()
})

test('while it waits it ignores presses and says it is busy', async () => {
  const onPress = vi.fn()
  const screen = await render(
    <KitProvider>
      <ActionButton onPress={onPress} busy>
        Send
      </ActionButton>
    </KitProvider>,
  )
  const button = screen.getByRole('button', { name: 'Send' })
  await expect.element(button).toHaveAttribute('aria-busy', 'true')
  await button.click({ force: true })
  expect(onPress).not.toHaveBeenCalled()
})

test('a double click on what counts is one press, and the key can follow it at once', async () => {
  const [counts, looks] = [vi.fn(), vi.fn()]
  const screen = await render(
    <KitProvider>
      <ActionButton tone="primary" onPress={counts} shortcut={refund}>
        Refund
      </ActionButton>
      <ActionButton onPress={looks}>Next</ActionButton>
    </KitProvider>,
  )
  await screen.getByRole('button', { name: 'Refund' }).dblClick()
  expect(counts).toHaveBeenCalledTimes(1)
  await userEvent.keyboard('r')
  expect(counts).toHaveBeenCalledTimes(2)
  await screen.getByRole('button', { name: 'Next' }).dblClick()
  expect(looks).toHaveBeenCalledTimes(2)
})
