import { useState, type ReactNode } from 'react'
import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { AppFrame } from '../../../client/ui/app-frame.tsx'
import { Dialog } from '../../../client/ui/dialog.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { Page } from '../../../client/ui/page.tsx'

const onSearch = vi.fn()

function Frame({ children = <p>Content</p> }: { children?: ReactNode }) {
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
        {children}
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

function Visit({ dialog }: { dialog: boolean }) {
  const [title, setTitle] = useState('Orders')
  return (
    <>
      <Page key={title} title={title}>
        <button onClick={() => setTitle('Refunds')}>Next page</button>
      </Page>
      <Dialog open={dialog} onClose={() => undefined} title="Find">
        <input
          data-autofocus
          aria-label="Text"
          // As an answer that arrives while somebody types.
          onChange={() => setTitle('Refunds')}
        />
      </Dialog>
    </>
  )
}

test('a page that opens takes the focus, but not out of a dialog', async () => {
  const screen = await render(
    <Frame>
      <Visit dialog={false} />
    </Frame>,
  )
  await screen.getByRole('button', { name: 'Next page' }).click()
  await expect.element(screen.getByRole('heading', { name: 'Refunds' })).toHaveFocus()
  await screen.unmount()

  const other = await render(
    <Frame>
      <Visit dialog />
    </Frame>,
  )
  const text = other.getByRole('textbox', { name: 'Text' })
  await expect.element(text).toHaveFocus()
  await text.fill('a')
  await expect.element(page.getByText('Refunds')).toBeInTheDocument()
  await expect.element(text).toHaveFocus()
})
