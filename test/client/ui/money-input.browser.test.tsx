import { useState } from 'react'
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import type { MoneyDraft } from '../../../client/ui/money-draft.ts'
import { MoneyInput } from '../../../client/ui/money-input.tsx'

function Harness() {
  const [draft, setDraft] = useState<MoneyDraft>({ text: '', minor: null })
  return (
    <KitProvider>
      <MoneyInput
        label="Amount"
        currency="INR"
        draft={draft}
        onChange={setDraft}
        max={{ minor: 749900n, reason: 'That is what is left to refund.' }}
      />
      <output aria-label="Minor">{draft.minor === null ? 'none' : String(draft.minor)}</output>
    </KitProvider>
  )
}

test.each([
  ['1250.5', '125050', '1,250.50'],
  ['1,2,500', '1250000', '12,500.00'],
  ['₹2,999', '299900', '2,999.00'],
])('%s means %s paise and reads %s on leaving the field', async (typed, minor, shown) => {
  const screen = await render(<Harness />)
  const field = screen.getByLabelText('Amount')
  await field.fill(typed)
  await expect.element(screen.getByLabelText('Minor')).toHaveTextContent(minor)
  await userEvent.tab()
  await expect.element(field).toHaveValue(shown)
})

test('an error waits until the field is left, names the limit, and goes when the amount is corrected', async () => {
  const screen = await render(<Harness />)
  const field = screen.getByLabelText('Amount')
  await field.fill('9000')
  await expect.element(field).not.toHaveAttribute('aria-invalid')
  await userEvent.tab()
  await expect.element(field).toHaveAttribute('aria-invalid', 'true')
  await expect
    .element(field)
    .toHaveAccessibleDescription('Amount must be ₹7,499.00 or less. That is what is left to refund.')
  await field.fill('7499')
  await expect.element(field).not.toHaveAttribute('aria-invalid')
})

test('text that is no amount is kept, and means nothing', async () => {
  const screen = await render(<Harness />)
  const field = screen.getByLabelText('Amount')
  await field.fill('12.345')
  await userEvent.tab()
  await expect.element(field).toHaveValue('12.345')
  await expect.element(screen.getByLabelText('Minor')).toHaveTextContent('none')
  await expect.element(field).toHaveAccessibleDescription(/at most 2 decimals/)
})
