import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { ActionButton } from '../../../client/ui/action-button.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { EmptyState } from '../../../client/ui/states.tsx'

test('a link beside a button stands in its line', async () => {
  const screen = await render(
    <KitProvider>
      <EmptyState
        title="No order NOPE123 in this account."
        action={
          <>
            <ActionButton>Ask Juspay</ActionButton>
            <a href="#all">Search all time</a>
          </>
        }
      />
    </KitProvider>,
  )
  const middle = (role: 'button' | 'link') => {
    const words = document.createRange()
    words.selectNodeContents(screen.getByRole(role).element())
    const { top, height } = words.getBoundingClientRect()
    return top + height / 2
  }
  expect(Math.abs(middle('button') - middle('link'))).toBeLessThanOrEqual(1)
})
