import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { SearchScreen } from '../../../client/features/search/search-screen.tsx'
import { fakeApi, TestApp, UNANSWERED } from '../approvals/fake-api.tsx'

const NOTHING = { orders: [], refunds: [], events: [], requests: [], batches: [], people: [], ask: null }
const READING = { q: 'phone:98*4321', t: 'yesterday', label: 'Phone 98…4321 + yesterday' }

async function searchFor(q: string, found: object) {
  const onSearch = vi.fn<(q: string) => void>()
  const api = fakeApi({ 'search.find': () => ({ ...NOTHING, ...found }) })
  const screen = await render(
    <TestApp role="support" api={api}>
      <SearchScreen q={q} onSearch={onSearch} go={() => {}} />
    </TestApp>,
  )
  return { screen, onSearch }
}

test('nothing found names the period that was searched, and one press searches all time', async () => {
  const { screen, onSearch } = await searchFor('98…4321 yesterday', {
    readings: [READING],
    within: { label: 'yesterday', rest: '98…4321' },
  })
  await expect.element(screen.getByText(/^Orders of yesterday were looked through/)).toBeVisible()
  await screen.getByRole('button', { name: 'Search all time' }).click()
  expect(onSearch).toHaveBeenCalledWith('98…4321')
})

test('nothing found of any time offers no wider search', async () => {
  const { screen } = await searchFor('98…4321', { readings: [{ ...READING, t: 'all' }], within: null })
  await expect.element(screen.getByText(/of any time/)).toBeVisible()
  await expect.element(screen.getByRole('button', { name: 'Search all time' })).not.toBeInTheDocument()
})

test('what was found of one text does not stand under another', async () => {
  const found = { ...NOTHING, readings: [READING], within: null }
  const api = fakeApi({
    'search.find': (input) => (JSON.stringify(input).includes('first') ? found : UNANSWERED),
  })
  const search = (q: string) => (
    <TestApp role="support" api={api}>
      <SearchScreen q={q} onSearch={() => {}} go={() => {}} />
    </TestApp>
  )
  const screen = await render(search('the first'))
  await expect.element(screen.getByRole('link', { name: READING.label })).toBeVisible()
  await screen.rerender(search('another'))
  await expect.element(screen.getByText('Searching')).toBeInTheDocument()
  await expect.element(screen.getByRole('link', { name: READING.label })).not.toBeInTheDocument()
})

test('an order with a name of any length shows how it stands and when, on a phone and on a desk', async () => {
  const order = {
    id: 'o1',
    orderRef: 'ORD-2026-1',
    amountMinor: 12_345_678n,
    currency: 'INR',
    displayStatus: 'partial',
    methodLabel: 'Net banking, Kotak',
    customerName: 'Venkatanarasimharajuvaripeta '.repeat(9),
    attemptCount: 1,
    createdAt: new Date('2026-11-22T09:00:00Z'),
    matched: ['Amount ₹1,23,456.78 + yesterday'],
  }
  const { screen } = await searchFor('123456.78', { orders: [order], readings: [READING], within: null })
  await expect.element(screen.getByText('Partly refunded')).toBeVisible()
  const table = screen.getByRole('table').element()
  // What is left of a desk beside the places.
  await page.viewport(1440, 900)
  expect(table.getBoundingClientRect().width).toBeLessThanOrEqual(1_192)
  await page.viewport(390, 844)
  for (const text of ['Partly refunded', '22 Nov, 14:30:00', 'Amount ₹1,23,456.78 + yesterday']) {
    const { left, right } = screen.getByText(text).element().getBoundingClientRect()
    expect(left, text).toBeGreaterThanOrEqual(0)
    expect(right, text).toBeLessThanOrEqual(390)
  }
  await page.viewport(1280, 800)
})
