import { afterEach, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

const root = document.documentElement

afterEach(async () => {
  await cdp().send('Emulation.setEmulatedMedia', { media: '' })
  root.setAttribute('data-mantine-color-scheme', 'light')
})

test('a page is printed in dark words, also by whoever reads light ones on the screen', async () => {
  const screen = await render(
    <KitProvider>
      <p>₹12,999.00</p>
    </KitProvider>,
  )
  const words = screen.getByText('₹12,999.00').element()
  const colour = () => getComputedStyle(words).color
  root.setAttribute('data-mantine-color-scheme', 'light')
  const onWhite = colour()
  root.setAttribute('data-mantine-color-scheme', 'dark')
  expect(colour()).not.toBe(onWhite)
  await cdp().send('Emulation.setEmulatedMedia', { media: 'print' })
  expect(colour()).toBe(onWhite)
})
