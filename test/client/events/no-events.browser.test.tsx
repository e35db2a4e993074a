/** An empty list of events says which clause keeps them out, with how many there would be. */
import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { DEFAULT_EVENT_SEARCH, type EventSearch } from '../../../client/features/events/event-search.ts'
import { NoEvents } from '../../../client/features/events/no-events.tsx'
import { parseEventQuery } from '../../../server/domain/event-query.ts'
import { timeRangeOf } from '../../../server/domain/time-range.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

async function open(change: Partial<EventSearch>, way: unknown) {
  const search = { ...DEFAULT_EVENT_SEARCH, ...change }
  const range = timeRangeOf(search.t, new Date()) ?? { from: null, to: null }
  const parsed = parseEventQuery(search.q)
  const api = fakeApi({ 'events.wayOut': () => way })
  const onSearch = vi.fn()
  const screen = await render(
    <TestApp role="ops" api={api}>
      <NoEvents search={search} range={range} filter={parsed.ok ? parsed.query : null} onSearch={onSearch} />
    </TestApp>,
  )
  return { screen, api, onSearch }
}

const named = (name: string) => ({ name, exact: true }) as const

test('the clause at fault and the longer time, each with what would match', async () => {
  const { screen, onSearch } = await open(
    { q: 'outcome:held sender:10.' },
    {
      clause: { text: 'sender:10.', q: 'outcome:held', count: 312, more: false },
      wider: { count: 999, more: true },
    },
  )
  await screen.getByRole('button', named('Remove sender:10. (312 would match)')).click()
  expect(onSearch).toHaveBeenLastCalledWith({ q: 'outcome:held' })
  await screen.getByRole('button', named('Search the last 30 days (999+ would match)')).click()
  expect(onSearch).toHaveBeenLastCalledWith({ t: '-30d' })
  await screen.getByRole('button', named('Clear the filter')).click()
  expect(onSearch).toHaveBeenLastCalledWith({ q: '' })
})

test('the only clause is removed by clearing, and a month without any leads to all time', async () => {
  const clause = { text: 'is:late', q: '', count: 4, more: false }
  const { screen } = await open({ q: 'is:late' }, { clause, wider: { count: 0, more: false } })
  await expect.element(screen.getByRole('button', named('Remove is:late (4 would match)'))).toBeVisible()
  await expect.element(screen.getByRole('button', named('Clear the filter'))).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', named('Search all time'))).toBeVisible()
})

test('what could not be counted is offered without a number', async () => {
  const { screen } = await open({ q: 'is:late' }, { clause: null, wider: null })
  await expect.element(screen.getByRole('button', named('Search the last 30 days'))).toBeVisible()
  await expect.element(screen.getByRole('button', { name: /^Remove/ })).not.toBeInTheDocument()
})

test.each<[Partial<EventSearch>, string]>([
  [{ q: 'outcome:hel' }, 'The filter was not run.'],
  [{}, 'Webhooks will appear here.'],
  [{ t: '-90d' }, 'No events in this time.'],
])('of %j nothing is counted', async (change, title) => {
  const { screen, api } = await open(change, null)
  await expect.element(screen.getByText(title)).toBeVisible()
  expect(api.calls).toEqual([])
})
