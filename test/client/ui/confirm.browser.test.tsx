import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { confirm, type ConfirmOutcome } from '../../../client/ui/confirm-store.ts'
import { Dialog } from '../../../client/ui/dialog.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

async function ask(run: (input: { reason: string }) => Promise<ConfirmOutcome>) {
  const screen = await render(
    <KitProvider>
      <p>Page</p>
    </KitProvider>,
  )
  const answer = confirm({
    title: 'Reject the refund of ₹2,500.00?',
    verb: 'Reject refund',
    requireReason: 'Why',
    run,
  })
  const dialog = screen.getByRole('dialog', { name: 'Reject the refund of ₹2,500.00?' })
  await expect.element(dialog).toBeVisible()
  return { screen, dialog, answer }
}

test('focus starts on the heading, so that Enter by habit confirms nothing', async () => {
  const run = vi.fn()
  const { screen, answer } = await ask(run)
  await expect.element(screen.getByRole('heading', { name: /Reject the refund/ })).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  expect(run).not.toHaveBeenCalled()
  await screen.getByRole('button', { name: 'Cancel' }).click()
  expect(await answer).toBe(false)
})

test('it cannot be confirmed without the reason it asks for', async () => {
  const run = vi.fn<() => Promise<ConfirmOutcome>>().mockResolvedValue({ kind: 'done' })
  const { screen, answer } = await ask(run)
  const button = screen.getByRole('button', { name: 'Reject refund' })
  await expect.element(button).toHaveAttribute('aria-disabled', 'true')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  expect(run).not.toHaveBeenCalled()
  await screen.getByLabelText('Why').fill(' Wrong order ')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  expect(await answer).toBe(true)
  expect(run).toHaveBeenCalledWith({ reason: 'Wrong order' })
})

test('a refusal stays in the dialog with everything typed', async () => {
  const { screen, answer } = await ask(() =>
    Promise.resolve({
      kind: 'refused',
      title: 'Rohan Das already approved it.',
      message: 'It is being sent.',
    }),
  )
  await screen.getByLabelText('Why').fill('Wrong order')
  await screen.getByRole('button', { name: 'Reject refund' }).click()
  await expect.element(screen.getByRole('alert')).toMatchTextContent(/Rohan Das already approved it\./)
  await expect.element(screen.getByLabelText('Why')).toHaveValue('Wrong order')
  // What was typed is not lost to a slip of the Esc key.
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByLabelText('Why')).toBeVisible()
  await screen.getByRole('button', { name: 'Cancel' }).click()
  expect(await answer).toBe(false)
})

test('while it runs it can be neither sent twice nor closed', async () => {
  let finish: (outcome: ConfirmOutcome) => void = () => {}
  const run = vi.fn(() => new Promise<ConfirmOutcome>((resolve) => (finish = resolve)))
  const { screen, dialog, answer } = await ask(run)
  await screen.getByLabelText('Why').fill('Wrong order')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect
    .element(screen.getByRole('button', { name: 'Reject refund' }))
    .toHaveAttribute('aria-busy', 'true')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await userEvent.keyboard('{Escape}')
  await expect.element(dialog).toBeVisible()
  expect(run).toHaveBeenCalledOnce()
  finish({ kind: 'done' })
  expect(await answer).toBe(true)
})

test('the focus goes back to what it was asked from', async () => {
  const screen = await render(
    <KitProvider>
      <button type="button" onClick={() => void confirm({ title: 'Really?', verb: 'Do it', run: vi.fn() })}>
        Ask
      </button>
    </KitProvider>,
  )
  await screen.getByRole('button', { name: 'Ask' }).click()
  await expect.element(screen.getByRole('heading', { name: 'Really?' })).toHaveFocus()
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', { name: 'Ask' })).toHaveFocus()
})

function Steps() {
  const [step, setStep] = useState<'first' | 'second' | null>(null)
  const close = () => setStep(null)
  return (
    <>
      <button type="button" onClick={() => setStep('first')}>
        Begin
      </button>
      {step === 'first' ? (
        <Dialog key="first" open onClose={close} title="First">
          <button type="button" onClick={() => setStep('second')}>
            Next
          </button>
        </Dialog>
      ) : null}
      {step === 'second' ? (
        <Dialog key="second" open onClose={close} title="Second">
          It is done.
        </Dialog>
      ) : null}
    </>
  )
}

test('from a dialog that took the place of another it goes back to what the first was opened from', async () => {
  const screen = await render(
    <KitProvider>
      <Steps />
    </KitProvider>,
  )
  await screen.getByRole('button', { name: 'Begin' }).click()
  await screen.getByRole('button', { name: 'Next' }).click()
  await expect.element(screen.getByRole('heading', { name: 'Second' })).toHaveFocus()
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', { name: 'Begin' })).toHaveFocus()
})

function Passing() {
  const [row, setRow] = useState(true)
  const [open, setOpen] = useState(false)
  return (
    <main tabIndex={-1}>
      {row ? <button onClick={() => setOpen(true)}>Ignore</button> : null}
      {open ? (
        <Dialog open onClose={() => setOpen(false)} title="Ignore it?">
          <button
            onClick={() => {
              setRow(false)
              setOpen(false)
            }}
          >
            Yes
          </button>
        </Dialog>
      ) : null}
    </main>
  )
}

test('where that is gone it goes to the main part of the page', async () => {
  const screen = await render(
    <KitProvider>
      <Passing />
    </KitProvider>,
  )
  await screen.getByRole('button', { name: 'Ignore' }).click()
  await screen.getByRole('button', { name: 'Yes' }).click()
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
  await expect.element(screen.getByRole('main')).toHaveFocus()
})
