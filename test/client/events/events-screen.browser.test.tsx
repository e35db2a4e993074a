import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { EventsScreen } from '../../../client/features/events/events-screen.tsx'
import type { EventRow } from '../../../client/features/events/event-types.ts'
import { followHistory } from '../../../client/lib/page-memory.ts'
import { LiveProvider, type WireMessage } from '../../../client/lib/live.tsx'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'
import { beginPrint, linesOnPaper } from '../on-paper.ts'
import { fakeLive } from '../fake-live.ts'
import { eventDetail, eventRow } from './event-rows.ts'

const HEALTH = {
  lastReceivedAt: null,
  ratePerMinute: 192,
  p50LagMs: 400,
  p95LagMs: 1_400,
  p50TookMs: 12,
  p95TookMs: 40,
  backlog: 0,
  oldestBacklogAt: null,
  rejected: [],
}

/** The screen on `rows`, with a stream that says what the test hands to `send`. */
async function open(first: readonly EventRow[], search: { q?: string; t?: string; peek?: string } = {}) {
  await page.viewport(1280, 800)
  const onSearch = vi.fn()
  let rows: readonly EventRow[] | Refused = first
  const api = fakeApi({
    'events.list': () => (rows instanceof Refused ? rows : { rows, nextCursor: null }),
    'events.facets': () => ({ names: [], outcomes: [] }),
    'events.health': () => HEALTH,
    'events.get': () => eventDetail(2),
    'rates.strip': () => ({ slotMs: 10_000, slots: [] }),
    'rates.silence': () => ({ since: null, usualGapMs: null, silent: false }),
  })
  const { wire, hear } = fakeLive()
  const screen = await render(
    <TestApp api={api} role="ops">
      <LiveProvider enabled wire={wire}>
        <EventsScreen
          search={{ q: '', t: 'all', peek: '', ...search }}
          onSearch={onSearch}
          onOpen={vi.fn()}
        />
      </LiveProvider>
    </TestApp>,
  )
  const send = (...events: EventRow[]) => hear({ kind: 'batch', events, renewed: [], changes: [] })
  /** What the server has from now on, or what it answers instead. */
  const keep = (next: readonly EventRow[] | Refused) => {
    rows = next
  }
  return { screen, api, onSearch, send, keep, say: (message: WireMessage) => hear(message) }
}

test('what went well is plain words; what was not applied, came again or failed is marked', async () => {
  const { screen } = await open([
    eventRow(5, { deliveryCount: 3 }),
    eventRow(4, { outcome: 'stale' }),
    eventRow(3, { status: 'ignored', outcome: 'unknown_event', variant: true }),
    eventRow(2, { status: 'failed', outcome: 'error', error: 'Busy' }),
  ])
  await expect.element(screen.getByText('Duplicate ×3')).toBeVisible()
  for (const word of ['Applied', 'Stale', 'Held', 'Variant', 'Failed'])
    await expect.element(screen.getByText(word, { exact: true }).first()).toBeVisible()
  await expect.element(screen.getByText(/Live · 3\.2 events/)).toBeVisible()
  await expect.element(screen.getByText('Applied after p50 12 ms, p95 40 ms')).toBeVisible()
})

test('while paused arrivals are counted, and resuming shows them', async () => {
  const { screen, send } = await open([eventRow(1)])
  await expect.element(screen.getByText('PDORDER1', { exact: true })).toBeVisible()
  await userEvent.keyboard('p')
  send(eventRow(2), eventRow(3))
  await expect.element(screen.getByRole('button', { name: /^Paused\. 2 waiting/ })).toBeVisible()
  await expect.element(screen.getByText('PDORDER3', { exact: true })).not.toBeInTheDocument()
  await userEvent.keyboard('p')
  await expect.element(screen.getByText('PDORDER3', { exact: true })).toBeVisible()
})

test('while paused nothing moves when the stream begins anew and the pages are read again', async () => {
  const { screen, api, send, say, keep } = await open([eventRow(2), eventRow(1)])
  await expect.element(screen.getByText('PDORDER2', { exact: true })).toBeVisible()
  await userEvent.keyboard('p')
  send(eventRow(3))
  keep([eventRow(4), eventRow(3), eventRow(2, { deliveryCount: 2 })])
  say({ kind: 'hello', at: new Date(), resumed: false })
  // Counted, brought up to date in place, and none of the rows is gone.
  await expect.element(screen.getByRole('button', { name: /^Paused\. 2 waiting/ })).toBeVisible()
  await expect.element(screen.getByText('Duplicate ×2')).toBeVisible()
  await expect.element(screen.getByText('PDORDER1', { exact: true })).toBeVisible()
  await expect.element(screen.getByText('PDORDER4', { exact: true })).not.toBeInTheDocument()
  expect(api.calls.filter(({ path }) => path === 'events.list').length).toBeGreaterThan(1)
  await userEvent.keyboard('p')
  await expect.element(screen.getByText('PDORDER4', { exact: true })).toBeVisible()
  await expect.element(screen.getByText('PDORDER3', { exact: true })).toBeVisible()
})

test('while paused nothing moves when reading the pages again fails', async () => {
  const { screen, say, keep } = await open([eventRow(2), eventRow(1)])
  await expect.element(screen.getByText('PDORDER2', { exact: true })).toBeVisible()
  await userEvent.keyboard('p')
  keep([eventRow(3), eventRow(2)])
  say({ kind: 'hello', at: new Date(), resumed: false })
  await expect.element(screen.getByRole('button', { name: /^Paused\. 1 waiting/ })).toBeVisible()
  keep(new Refused('SERVICE_UNAVAILABLE', 'busy', 'Busy.'))
  say({ kind: 'hello', at: new Date(), resumed: false })
  // Dimmed, for it may be old by now.
  await expect.element(screen.getByRole('row', { name: /PDORDER2/ })).toHaveAttribute('data-stale', 'true')
  await expect.element(screen.getByText('PDORDER1', { exact: true })).toBeVisible()
  await expect.element(screen.getByText('PDORDER3', { exact: true })).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', { name: /^Paused\. 1 waiting/ })).toBeVisible()
})

test('rows under a filter that cannot be read are dimmed until it is mended', async () => {
  const { screen, onSearch } = await open([eventRow(1)])
  const row = screen.getByRole('row', { name: /PDORDER1/ })
  await expect.element(row).not.toHaveAttribute('data-stale')
  await screen.getByLabelText('Filter events').fill('outcome:aplied')
  await userEvent.keyboard('{Enter}')
  await expect.element(row).toHaveAttribute('data-stale', 'true')
  await screen.getByLabelText('Filter events').fill('outcome:applied')
  await expect.element(row).not.toHaveAttribute('data-stale')
  expect(onSearch).not.toHaveBeenCalled()
})

test('an event that the filter leaves out does not appear, whatever the stream sends', async () => {
  const { screen, send } = await open([eventRow(1)], { q: 'order:pdorder1' })
  send(eventRow(2), eventRow(1, { deliveryCount: 2 }))
  await expect.element(screen.getByText('Duplicate ×2')).toBeVisible()
  await expect.element(screen.getByText('PDORDER2', { exact: true })).not.toBeInTheDocument()
})

test('a filter that cannot be read asks for nothing, says why and offers the repair', async () => {
  const { screen, api, onSearch } = await open([eventRow(1)], { q: 'outcome:aplied' })
  await expect.element(screen.getByText(/outcome has no aplied\. Did you mean applied/)).toBeVisible()
  await expect.element(screen.getByText('The filter was not run.')).toBeVisible()
  expect(api.calls.some(({ path }) => path === 'events.list')).toBe(false)
  await screen.getByRole('button', { name: 'Use applied' }).click()
  expect(onSearch).toHaveBeenCalledWith({ q: 'outcome:applied' })
})

test('the stream says when it samples and when it is behind', async () => {
  const { screen, say } = await open([eventRow(1)])
  await expect.element(screen.getByText('PDORDER1', { exact: true })).toBeVisible()
  say({ kind: 'behind', about: 118 })
  await expect.element(screen.getByText(/Catching up, 118 events/)).toBeVisible()
  say({ kind: 'behind', about: 0 })
  say({ kind: 'pace', oneIn: 8, perSecond: 412 })
  await expect
    .element(screen.getByText('Showing 1 in 8. 412 events/s. Narrow the filter to see all.'))
    .toBeVisible()
})

test('the open event stands beside the list, and a time that has ended is not live', async () => {
  const { screen, send, onSearch } = await open([eventRow(2), eventRow(1)], {
    peek: eventRow(2).id,
    t: '2026-11-22T14:00..2026-11-22T14:40',
  })
  await expect.element(screen.getByRole('complementary', { name: 'Event' })).toBeVisible()
  await expect.element(screen.getByText('Passed: user name and password')).toBeVisible()
  await expect.element(screen.getByRole('button', { name: /Pause/ })).not.toBeInTheDocument()
  send(eventRow(9))
  await screen.getByRole('button', { name: 'Back to live' }).click()
  expect(onSearch).toHaveBeenCalledWith({ t: '-24h' })
  await expect.element(screen.getByText('PDORDER9', { exact: true })).not.toBeInTheDocument()
  await screen.getByRole('button', { name: 'Close the panel' }).click()
  expect(onSearch).toHaveBeenCalledWith({ peek: '' })
})

test('on paper is what the feed shows: its filter, and that more wait while it is paused', async () => {
  const { screen, send } = await open([eventRow(1), eventRow(2)], { q: 'outcome:applied', t: '-7d' })
  await expect.element(screen.getByText('PDORDER1', { exact: true })).toBeVisible()
  await userEvent.keyboard('p')
  send(eventRow(3))
  await expect.element(screen.getByRole('button', { name: /^Paused\. 1 waiting/ })).toBeVisible()
  await beginPrint()
  expect(linesOnPaper()).toEqual([
    'Live events',
    'Filter: outcome:applied, Last 7 days',
    'The first 2 rows; more match.',
    expect.stringMatching(/^As of .* IST\. Printed by Rohan Das for Demo, sandbox\.$/),
  ])
})

test('Back finds the row that was left, and an ordinary visit does not', async () => {
  const visit = (key: string) =>
    followHistory({
      location: {
        href: '/events',
        pathname: '/events',
        search: '',
        hash: '',
        state: { __TSR_key: key, __TSR_index: 0 },
      },
      subscribe: () => () => {},
    })
  const events = [3, 2, 1].map((n) => eventRow(n))
  visit('first')
  const left = await open(events)
  await expect.element(left.screen.getByText('PDORDER3', { exact: true })).toBeVisible()
  await userEvent.keyboard('jj')
  const focused = () => document.activeElement?.closest('[data-row]')?.getAttribute('data-row')
  await expect.poll(focused).toBe('1')
  await left.screen.unmount()

  visit('another')
  const other = await open(events)
  await expect.element(other.screen.getByText('PDORDER3', { exact: true })).toBeVisible()
  expect(focused()).toBeUndefined()
  await other.screen.unmount()

  visit('first')
  await open(events)
  await expect.poll(focused).toBe('1')
})
