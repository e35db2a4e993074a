import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { CommandPalette } from '../../../client/ui/command-palette.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { ShortcutSheet } from '../../../client/ui/shortcut-sheet.tsx'
import { useShortcut } from '../../../client/ui/use-shortcut.ts'

const loadDialog = () => import('../../../client/ui/command-palette-dialog.tsx')

type HarnessProps = { onRefund: () => void; onOrder: (how: { newTab: boolean }) => void }

function Harness({ onRefund, onOrder }: HarnessProps) {
  const [open, setOpen] = useState(false)
  const [sheet, setSheet] = useState(false)
  const [text, setText] = useState('')
  return (
    <KitProvider>
      <input aria-label="Elsewhere" />
      <Offers onRefund={onRefund} openPalette={() => setOpen(true)} openSheet={() => setSheet(true)} />
      <CommandPalette
        load={loadDialog}
        dialog={{
          open,
          onClose: () => setOpen(false),
          text,
          onTextChange: setText,
          results: [
            {
              id: 'order-1',
              label: 'ord_8F2K',
              group: 'Orders',
              run: onOrder,
              more: [{ id: 'copy', label: 'Copy ID', run: () => onOrder({ newTab: false }) }],
            },
          ],
        }}
      />
      <ShortcutSheet open={sheet} onClose={() => setSheet(false)} />
    </KitProvider>
  )
}

function Offers(props: { onRefund: () => void; openPalette: () => void; openSheet: () => void }) {
  useShortcut({
    id: 'palette',
    keys: 'Mod+K',
    label: 'Search',
    scope: 'everywhere',
    palette: false,
    run: props.openPalette,
  })
  useShortcut({
    id: 'sheet',
    keys: '?',
    label: 'Keyboard shortcuts',
    group: 'Settings',
    run: props.openSheet,
  })
  useShortcut({
    id: 'refund',
    keys: 'R',
    label: 'Refund this order',
    group: 'This record',
    run: props.onRefund,
  })
  useShortcut({
    id: 'export',
    label: 'Export this list',
    group: 'This page',
    disabledReason: 'Your role (Viewer) cannot export data.',
    run: () => {
      throw new Error('an action that is not allowed was run')
    },
  })
  return null
}

async function openPalette() {
  const onRefund = vi.fn()
  const onOrder = vi.fn()
  const screen = await render(<Harness onRefund={onRefund} onOrder={onOrder} />)
  await screen.getByLabelText('Elsewhere').click()
  await userEvent.keyboard('{Control>}k{/Control}')
  const input = screen.getByRole('combobox', { name: 'Search or jump to' })
  await expect.element(input).toHaveFocus()
  return { screen, input, onRefund, onOrder }
}

test('opens from inside a field as a dialog with a combobox that points at the current option', async () => {
  const { screen, input } = await openPalette()
  await expect.element(screen.getByRole('dialog', { name: 'Search or jump to' })).toBeVisible()
  const current = screen.getByRole('option', { selected: true })
  await expect.element(current).toMatchTextContent(/Refund this order/)
  await expect.element(input).toHaveAttribute('aria-activedescendant', current.element().id)
  await expect.element(screen.getByRole('group', { name: 'Orders' })).toBeVisible()
})

test('arrows pass over an action that is not allowed, which shows its reason', async () => {
  const { screen } = await openPalette()
  const blocked = screen.getByRole('option', { name: /Export this list/ })
  await expect.element(blocked).toHaveAttribute('aria-disabled', 'true')
  await expect.element(blocked).toMatchTextContent(/Your role \(Viewer\) cannot export data\./)
  await userEvent.keyboard('{ArrowDown}')
  await expect.element(screen.getByRole('option', { selected: true })).toMatchTextContent('ord_8F2K')
  await blocked.click({ force: true })
  await expect.element(screen.getByRole('dialog')).toBeVisible()
})

test('Enter runs the current option after the palette has closed', async () => {
  const { screen, input, onRefund } = await openPalette()
  await input.fill('refund')
  await userEvent.keyboard('{Enter}')
  await expect.poll(() => onRefund.mock.calls.length).toBe(1)
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
})

test('Ctrl Enter opens a record in a new tab', async () => {
  const { input, onOrder } = await openPalette()
  await input.fill('#')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect.poll(() => onOrder.mock.calls).toEqual([[{ newTab: true }]])
})

test('Tab lists what else can be done with a record, and Escape takes that back first', async () => {
  const { screen, input, onOrder } = await openPalette()
  await input.fill('#')
  await userEvent.keyboard('{Tab}')
  await expect.element(input).toHaveFocus()
  await expect.element(screen.getByRole('option', { name: 'Copy ID' })).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByRole('option', { name: 'Copy ID' })).not.toBeInTheDocument()
  await userEvent.keyboard('{Tab}{ArrowDown}{Enter}')
  await expect.poll(() => onOrder.mock.calls.length).toBe(1)
})

test('Escape closes it and gives the focus back', async () => {
  const { screen } = await openPalette()
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
  await expect.element(screen.getByLabelText('Elsewhere')).toHaveFocus()
})

test('Enter waits for what is found of the text, and opens nothing that was found of another one', async () => {
  const opened: string[] = []
  const order = (label: string) => ({
    id: `order-${label}`,
    label,
    group: 'Orders',
    run: () => void opened.push(label),
  })
  const palette = (found: string, searching: boolean) => (
    <KitProvider>
      <CommandPalette
        load={loadDialog}
        dialog={{
          open: true,
          onClose: () => {},
          text: 'the second',
          onTextChange: () => {},
          results: [order(found)],
          searching,
        }}
      />
    </KitProvider>
  )
  const screen = await render(palette('ord_FIRST', true))
  await expect.element(screen.getByRole('combobox')).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByText('Searching…')).toBeVisible()
  expect(opened).toEqual([])
  await screen.rerender(palette('ord_SECOND', false))
  await expect.poll(() => opened).toEqual(['ord_SECOND'])
})

/** Presses a key where the focus is, without the pause in which a dialog takes it. */
async function press(key: string, more: KeyboardEventInit = {}) {
  const target = document.activeElement ?? document.body
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
  // What a key changed is drawn in a microtask, before the browser gives out the next key.
  await Promise.resolve()
}

test('what is typed before the input has the focus ends up in it, and nowhere else', async () => {
  const onRefund = vi.fn()
  const screen = await render(<Harness onRefund={onRefund} onOrder={() => {}} />)
  await press('k', { ctrlKey: true })
  const before = document.activeElement
  // `r` is a key of the page.
  for (const key of ['r', 'e', 'f', 'x', 'Backspace', 'u']) await press(key)
  expect(document.activeElement).toBe(before)
  const input = screen.getByRole('combobox', { name: 'Search or jump to' })
  await expect.element(input).toHaveValue('refu')
  await expect.element(input).toHaveFocus()
  expect(onRefund).not.toHaveBeenCalled()
  await userEvent.keyboard('nd')
  await expect.element(input).toHaveValue('refund')
})

test('Enter before the input has the focus runs what was typed', async () => {
  const onRefund = vi.fn()
  const screen = await render(<Harness onRefund={onRefund} onOrder={() => {}} />)
  await press('k', { ctrlKey: true })
  for (const key of 'refund') await press(key)
  await press('Enter', { code: 'Enter' })
  await expect.poll(() => onRefund.mock.calls.length).toBe(1)
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
})

test('Escape before the input has the focus closes it, and the keys are the page’s again', async () => {
  const onRefund = vi.fn()
  const screen = await render(<Harness onRefund={onRefund} onOrder={() => {}} />)
  await press('k', { ctrlKey: true })
  await press('x')
  await press('Escape')
  await press('r')
  expect(onRefund).toHaveBeenCalledOnce()
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
})

test('the sheet lists the keys that are on offer, and keys of the page behind it are off', async () => {
  const onRefund = vi.fn()
  const screen = await render(<Harness onRefund={onRefund} onOrder={() => {}} />)
  await userEvent.keyboard('?')
  await expect.element(screen.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await expect.element(screen.getByText('Refund this order')).toBeVisible()
  await userEvent.keyboard('r')
  expect(onRefund).not.toHaveBeenCalled()
})

function ListKey() {
  useShortcut({ id: 'grid.down', keys: 'J', label: 'Next row', run: () => {} })
  return null
}

test('the sheet says in words what its keys show as signs', async () => {
  const screen = await render(
    <KitProvider>
      <ListKey />
      <ShortcutSheet open onClose={() => {}} />
    </KitProvider>,
  )
  await expect.element(screen.getByText('Right arrow')).toBeInTheDocument()
  const cap = [...document.querySelectorAll('[data-cap="→"]')]
  expect(cap.map((key) => key.closest('dd')?.textContent)).toEqual(['Right arrow'])
})
