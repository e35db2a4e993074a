import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { Money } from '../../../client/ui/money.tsx'
import { SplitPage } from '../../../client/ui/page.tsx'

beforeEach(() => page.viewport(1280, 600))
afterEach(() => page.viewport(1280, 800))

test('what is beside scrolls by itself: words for screen readers do not lengthen the window', async () => {
  const amounts = Array.from({ length: 60 }, (_, i) => (
    <p key={i}>
      <Money value={{ minor: BigInt(i), currency: 'INR' }} />
    </p>
  ))
  await render(
    <KitProvider>
      <div style={{ height: 500, display: 'flex', flexDirection: 'column' }}>
        <SplitPage aside={amounts} asideLabel="Facts">
          {amounts}
        </SplitPage>
      </div>
    </KitProvider>,
  )
  const aside = page.getByRole('complementary', { name: 'Facts' }).element()
  expect(aside.scrollHeight).toBeGreaterThan(aside.clientHeight)
  expect(document.documentElement.scrollHeight).toBe(window.innerHeight)
})
