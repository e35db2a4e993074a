import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { DateTime } from '../../../client/ui/date-time.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

test('the tooltip of a time says how long ago it was when the pointer came', async () => {
  const at = new Date(Date.now() - 3 * 86_400_000)
  const screen = await render(
    <KitProvider>
      <DateTime at={at} />
    </KitProvider>,
  )
  const time = screen.getByRole('time')
  await time.hover()
  await expect.poll(() => time.element().getAttribute('title')).toMatch(/ IST · .* UTC · 3 days ago$/)
})
