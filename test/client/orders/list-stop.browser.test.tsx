/** A list that is stopped: the rows that were there stay, it says what they are, and it goes on when it is asked to. */
import { useState } from 'react'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { ListFooter } from '../../../client/features/orders/list-footer.tsx'
import { DEFAULT_SEARCH } from '../../../client/features/orders/order-views.ts'
import { useOrderList } from '../../../client/features/orders/use-order-list.ts'
import { LiveProvider } from '../../../client/lib/live.tsx'
import { fakeApi, TestApp, UNANSWERED } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'
import { START } from '../standing-list.tsx'
import { orderRow } from './order-row.ts'

const RANGE = { from: null, to: null }

function List() {
  const [q, setQ] = useState('')
  const [waits, setWaits] = useState(false)
  const { list, rows, head, total, goOn, stop } = useOrderList(
    { ...DEFAULT_SEARCH, q },
    { range: RANGE, readable: true, leftRow: null, firstInSight: () => 0 },
  )
  return (
    <>
      <output aria-label="Rows">{rows.map(({ orderRef }) => orderRef).join(', ')}</output>
      <output aria-label="Waits">{list.isFetching ? 'waits' : 'rests'}</output>
      <button onClick={() => setQ('status:failed')}>Filter</button>
      <button onClick={() => void list.fetchNextPage()}>More</button>
      <button onClick={stop}>Stop</button>
      <button onClick={() => setWaits(!waits)}>Draw again</button>
      <ListFooter
        rows={rows}
        head={head}
        total={total}
        busy={list.isFetching}
        more={list.hasNextPage}
        middle={false}
        before={list.isPlaceholderData}
        onCount={async () => {}}
        range={RANGE}
        goOn={goOn}
        onStop={stop}
        onDay={null}
      />
    </>
  )
}

/** The server answers what `answers` lets it answer. */
async function open(answers: (input: string) => boolean) {
  const api = fakeApi({
    'orders.list': (input) => {
      const text = JSON.stringify(input)
      if (!answers(text)) return UNANSWERED
      const further = text.includes('further"')
      const row = orderRow(text.includes('failed') ? 7 : further ? 2 : 1, { createdAt: new Date(START) })
      return { rows: [row], nextCursor: further ? null : 'further', previousCursor: null, asOf: new Date() }
    },
    'orders.total': () => ({ count: 2, exact: true, within: 0 }),
  })
  const screen = await render(
    <TestApp api={api} role="viewer">
      <LiveProvider enabled wire={fakeLive().wire}>
        <List />
      </LiveProvider>
    </TestApp>,
  )
  return {
    screen,
    givenUp: api.givenUp,
    asked: () => api.calls.filter(({ path }) => path === 'orders.list').length,
  }
}

test('the rows of the filter before stay and are called that; Retry asks again', async () => {
  let slow = true
  const { screen, givenUp } = await open((input) => !input.includes('failed') || !slow)
  const rows = screen.getByLabelText('Rows')
  await expect.element(rows).toHaveTextContent('ord_1')
  await screen.getByRole('button', { name: 'Filter' }).click()
  await expect.element(screen.getByLabelText('Waits')).toHaveTextContent('waits')
  await screen.getByRole('button', { name: 'Stop' }).click()
  await expect.element(screen.getByText('Loading stopped. These rows are of the list before.')).toBeVisible()
  // Nothing is said of how many there are, which would be told of another list.
  await expect.element(screen.getByText(/End of results|Showing/)).not.toBeInTheDocument()
  await expect.element(screen.getByLabelText('Waits')).toHaveTextContent('rests')
  await expect.element(rows).toHaveTextContent('ord_1')
  // The server hears of it, and stops its statement.
  expect(givenUp).toContain('orders.list')
  slow = false
  await screen.getByRole('button', { name: 'Retry' }).click()
  await expect.element(rows).toHaveTextContent('ord_7')
  await expect.element(screen.getByRole('button', { name: 'Retry' })).not.toBeInTheDocument()
})

test('a further page that is stopped takes nothing away, and Retry asks for that page', async () => {
  let slow = true
  const { screen, asked } = await open((input) => !input.includes('further"') || !slow)
  const rows = screen.getByLabelText('Rows')
  await expect.element(rows).toHaveTextContent('ord_1')
  await screen.getByRole('button', { name: 'More' }).click()
  await screen.getByRole('button', { name: 'Stop' }).click()
  await expect.element(screen.getByText('Loading stopped.', { exact: true })).toBeVisible()
  await screen.getByRole('button', { name: 'Draw again' }).click()
  expect(asked()).toBe(2)
  slow = false
  await screen.getByRole('button', { name: 'Retry' }).click()
  await expect.element(rows).toHaveTextContent('ord_1, ord_2')
  expect(asked()).toBe(3)
})

test('a list that was stopped before its first rows says so', async () => {
  const { screen } = await open(() => false)
  await expect.element(screen.getByLabelText('Waits')).toHaveTextContent('waits')
  await screen.getByRole('button', { name: 'Stop' }).click()
  await expect.element(screen.getByText('Loading stopped', { exact: true }).first()).toBeVisible()
  await expect.element(screen.getByLabelText('Waits')).toHaveTextContent('rests')
})
