import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { AppFrame } from '../../../client/ui/app-frame.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

const onSearch = vi.fn()

function Frame() {
  return (
    <KitProvider>
      <AppFrame
        nav={[]}
        currentPath="/"
        user={{ name: 'Asha', role: 'Finance' }}
        userMenu={(trigger) => trigger}
        live={{ kind: 'live' }}
        onSearch={onSearch}
        onToggleTimeZone={() => undefined}
      >
        <p>Content</p>
      </AppFrame>
    </KitProvider>
  )
}

// WCAG 2.5.3: who says "click Search or jump to" must hit it; on a narrow screen only the icon is drawn.
test.each([1280, 800])('at %i px the search button is called what is written on it', async (width) => {
  await page.viewport(width, 720)
  const screen = await render(<Frame />)
  const button = screen.getByRole('button', { name: 'Search or jump to', exact: true })
  expect(button.element()).not.toHaveAttribute('aria-label')
  onSearch.mockClear()
  await button.click()
  expect(onSearch).toHaveBeenCalledOnce()
})
