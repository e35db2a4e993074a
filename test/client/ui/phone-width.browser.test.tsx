import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ChangeTable } from '../../../client/ui/change-table.tsx'
import { FilterBar } from '../../../client/ui/filter-bar.tsx'
import { JsonCompare } from '../../../client/ui/json-compare.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { PageFooter } from '../../../client/ui/page.tsx'
import { TabsBar } from '../../../client/ui/tabs-bar.tsx'

const WIDTH = 390
/** What the pages must still work at: a desktop at 400 %. */
const NARROWEST = 320

beforeEach(() => page.viewport(WIDTH, 844))
afterEach(() => page.viewport(1280, 800))

const rightOf = (element: Element) => element.getBoundingClientRect().right

test('the active tab is in sight, however many come before it', async () => {
  const tabs = ['Body', 'Headers', 'Processing', 'Effect', 'Compare', 'Same order'].map((label) => ({
    id: label,
    label,
    to: `/${label}`,
  }))
  const bar = (active: string) => (
    <KitProvider>
      <TabsBar label="Parts" tabs={tabs} active={active} />
    </KitProvider>
  )
  const screen = await render(bar('Same order'))
  const current = (name: string) => screen.getByRole('link', { name }).element().getBoundingClientRect()
  expect(current('Same order').right).toBeLessThanOrEqual(WIDTH)
  await screen.rerender(bar('Body'))
  expect(current('Body').left).toBeGreaterThanOrEqual(0)
})

test('what changed shows both values without scrolling aside; side by side is there to be chosen', async () => {
  const side = (name: string, json: unknown) => ({ name, json, partial: false })
  const screen = await render(
    <KitProvider>
      <JsonCompare
        before={side('Webhook of 14:33:19', { status: 'PENDING_VBV', same: 1 })}
        after={side('Webhook of 14:35:02', { status: 'CHARGED', same: 1 })}
      />
    </KitProvider>,
  )
  const values = screen.getByRole('cell', { name: '− PENDING_VBV + CHARGED' })
  expect(rightOf(values.element())).toBeLessThanOrEqual(WIDTH)
  expect(screen.getByRole('rowheader').elements()).toHaveLength(1)
  await screen.getByLabelText('Side by side').click()
  await expect.element(screen.getByRole('columnheader', { name: 'Webhook of 14:35:02' })).toBeInTheDocument()
})

test('the words of a table of changes stay whole beside long references', async () => {
  const change = {
    subject: 'refund:VK4E55N63P083G08R0GE',
    field: 'reference',
    before: null,
    after: '74525546443763833135547',
  }
  const screen = await render(
    <KitProvider>
      <ChangeTable caption="1 field changed" changes={[change]} currency="INR" />
    </KitProvider>,
  )
  const table = screen.getByRole('table').element()
  expect(rightOf(table)).toBeLessThanOrEqual(WIDTH)
  const line = screen.getByRole('columnheader', { name: 'What' }).element().getBoundingClientRect().height
  for (const name of ['Field', 'Before', 'After']) {
    const header = screen.getByRole('columnheader', { name }).element()
    const text = document.createRange()
    text.selectNodeContents(header)
    expect([name, text.getClientRects().length]).toEqual([name, 1])
    expect(header.getBoundingClientRect().height).toBe(line)
  }
})

test('all of the footer can be read, in as many lines as it takes', async () => {
  const parts = ['Showing 1-1,200 of about 48,210', 'Count exactly', 'As of 14:33:19, 27 Nov']
  const screen = await render(
    <KitProvider>
      <PageFooter>
        {parts.map((part) => (
          <span key={part}>{part}</span>
        ))}
      </PageFooter>
    </KitProvider>,
  )
  const footer = screen.getByText(parts.join('')).element().parentElement
  for (const part of parts) {
    const { right, bottom } = screen.getByText(part).element().getBoundingClientRect()
    expect(right).toBeLessThanOrEqual(WIDTH)
    expect(bottom).toBeLessThanOrEqual(footer?.getBoundingClientRect().bottom ?? 0)
  }
})

test('what stands beside a filter keeps to one line, whole, and scrolls when there is no room', async () => {
  await page.viewport(NARROWEST, 844)
  const names = ['2026-11-22 10:00 to 14:00', 'Columns', 'Export']
  const screen = await render(
    <KitProvider>
      <FilterBar
        label="Filter transactions"
        placeholder="Add a filter"
        pills={[]}
        onRemove={() => {}}
        onEdit={() => {}}
        text=""
        onTextChange={() => {}}
        onSubmit={() => {}}
      >
        {names.map((name) => (
          <button key={name} type="button" className="kit-button">
            {name}
          </button>
        ))}
      </FilterBar>
    </KitProvider>,
  )
  const buttons = names.map((name) => screen.getByRole('button', { name }).element())
  expect(new Set(buttons.map((button) => button.getBoundingClientRect().top)).size).toBe(1)
  for (const button of buttons) expect(button.scrollWidth).toBeLessThanOrEqual(button.clientWidth)
  expect(document.documentElement.scrollWidth).toBe(NARROWEST)
  const last = screen.getByRole('button', { name: 'Export' })
  expect(rightOf(last.element())).toBeGreaterThan(NARROWEST)
  // As Tab would.
  last.element().scrollIntoView()
  expect(rightOf(last.element())).toBeLessThanOrEqual(NARROWEST)
})

test('a filter by hundreds of orders leaves room for its cross, for typing and for what is beside it', async () => {
  const pill = (id: string, value: string) => ({ id, label: 'order', value })
  const orders = Array.from({ length: 500 }, (_, i) => `ORD-2026-${i}`).join(',')
  const screen = await render(
    <KitProvider>
      <FilterBar
        label="Filter transactions"
        placeholder="Add a filter"
        pills={[pill('long', orders), pill('short', 'ORD-1')]}
        onRemove={() => {}}
        onEdit={() => {}}
        text=""
        onTextChange={() => {}}
        onSubmit={() => {}}
      >
        <button type="button">Export</button>
      </FilterBar>
    </KitProvider>,
  )
  const crosses = screen.getByRole('button', { name: /^Remove filter/ })
  for (const width of [1440, WIDTH]) {
    await page.viewport(width, 844)
    const field = screen.getByRole('combobox').element().getBoundingClientRect()
    for (const cross of crosses.elements()) expect(rightOf(cross)).toBeLessThan(width - 16)
    expect(field.width).toBeGreaterThanOrEqual(80)
    // The long one gives way, not the one beside it.
    const short = screen.getByRole('button', { name: 'Edit filter order ORD-1', exact: true }).element()
    expect(short.lastElementChild?.scrollWidth).toBeLessThanOrEqual(short.lastElementChild?.clientWidth ?? 0)
    expect(field.right).toBeLessThan(width - 16)
    expect(document.documentElement.scrollWidth).toBe(width)
    if (width === 1440)
      expect(rightOf(crosses.elements()[1] ?? document.body)).toBeLessThan(
        screen.getByRole('button', { name: 'Export' }).element().getBoundingClientRect().left,
      )
  }
})

test.each([1440, 1024, 668])(
  'in %d px every pill says its value, and none stands under what is beside it',
  async (width) => {
    await page.viewport(width, 844)
    const fields = ['status', 'amount', 'gateway', 'method', 'created', 'customer', 'refundable', 'network']
    const screen = await render(
      <KitProvider>
        <FilterBar
          label="Filter transactions"
          placeholder="Add a filter"
          pills={fields.map((label) => ({ id: label, label, value: 'charged' }))}
          onRemove={() => {}}
          onEdit={() => {}}
          onEditAll={() => {}}
          text=""
          onTextChange={() => {}}
          onSubmit={() => {}}
        >
          <button type="button" style={{ width: 350 }}>
            Export
          </button>
        </FilterBar>
      </KitProvider>,
    )
    const beside = screen.getByRole('button', { name: 'Export' }).element().getBoundingClientRect()
    const inside = screen
      .getByRole('search')
      .getByRole('button', { name: /filter|Edit as text/ })
      .elements()
    expect(inside).toHaveLength(2 * fields.length + 1)
    for (const button of inside) {
      const { right, bottom } = button.getBoundingClientRect()
      expect(right <= beside.left || bottom <= beside.top).toBe(true)
      for (const word of button.children) expect(word.scrollWidth).toBeLessThanOrEqual(word.clientWidth)
    }
  },
)
