import { useState, type ReactNode } from 'react'
import { notifications } from '@mantine/notifications'
import IconUser from '@tabler/icons-react/dist/esm/icons/IconUser.mjs'
import { afterEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { AppFrame } from '../../../client/ui/app-frame.tsx'
import { Dialog } from '../../../client/ui/dialog.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import type { NavItem } from '../../../client/ui/nav-sidebar.tsx'
import { Page } from '../../../client/ui/page.tsx'
import { toast } from '../../../client/ui/toasts.tsx'

const onSearch = vi.fn()

const NAV = ['Home', 'Orders', 'Refunds', 'Approvals'].map((label) => ({
  to: `/${label}`,
  label,
  icon: IconUser,
  phone: true,
}))

afterEach(async () => {
  notifications.clean()
  await page.viewport(1280, 800)
})

function Frame({ children = <p>Content</p>, nav = [] }: { children?: ReactNode; nav?: NavItem[] }) {
  return (
    <KitProvider>
      <AppFrame
        nav={nav}
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

test('on a phone toasts stand above the bottom bar, whose items stay to be pressed', async () => {
  await page.viewport(390, 844)
  const screen = await render(<Frame nav={NAV} />)
  for (const word of ['One', 'Two', 'Three'])
    toast.error(word, 'A long message that takes more than one line of a phone.')
  await expect.poll(() => document.querySelectorAll('.toasts [role=alert]').length).toBe(3)
  // Until they have come to rest.
  const shown = [...document.querySelectorAll('.toasts [role=alert]')]
  await Promise.all(shown.flatMap((one) => one.getAnimations().map(({ finished }) => finished)))
  const bar = screen.getByRole('navigation', { name: 'Main, phone' }).element()
  const { top } = bar.getBoundingClientRect()
  for (const one of shown) expect(one.getBoundingClientRect().bottom).toBeLessThanOrEqual(top)
  const items = [...bar.querySelectorAll('a, button')]
  expect(items).toHaveLength(NAV.length + 1)
  for (const item of items) {
    const box = item.getBoundingClientRect()
    for (const y of [box.top + 1, box.bottom - 1])
      expect(item.contains(document.elementFromPoint(box.left + box.width / 2, y))).toBe(true)
  }
})
