/** What every list does whose rows stand still while somebody is away (client/lib/standing-list.ts). */
import type { ComponentType } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import type { LiveWire } from '../../client/lib/live-connection.ts'
import { LiveProvider, type LiveQuery, type WireMessage } from '../../client/lib/live.tsx'
import { POLL_MS } from '../../client/lib/use-catch-up.ts'
import type { Role } from '../../server/domain/permission.ts'
import { TestApp, type fakeApi } from './approvals/fake-api.tsx'
import { fakeLive } from './fake-live.ts'

export type Wire = LiveWire<WireMessage, LiveQuery>

export const START = Date.parse('2026-11-22T09:00:00Z')
/** Longer than any answer is fresh. */
const LONG_MS = 60_000
/** Longer than the library keeps what nobody shows, by itself. */
const WORK_MS = 20 * 60_000

const broken: Wire = () => () => {}

type Opening = {
  api: ReturnType<typeof fakeApi>
  role: Role
  wire: Wire
  /** Says "ord_2 pending, ord_1 pending; 0 new" of what the server has. */
  List: ComponentType
  /** Gives the server a third row, and changes the first. */
  change: () => void
  /** What the list says before. */
  start?: string
}

const TWO_ROWS = 'ord_2 pending, ord_1 pending; 0 new'

/** The list on two rows, of a server on which things happen afterwards. */
export async function openStanding({ api, role, wire, List, change, start = TWO_ROWS }: Opening) {
  const app = (shown: boolean) => (
    <TestApp api={api} role={role}>
      <LiveProvider enabled wire={wire}>
        {shown ? <List /> : null}
      </LiveProvider>
    </TestApp>
  )
  const screen = await render(app(true))
  const list = screen.getByLabelText('List')
  await expect.element(list).toHaveTextContent(start)
  change()
  return { screen, list, show: (shown: boolean) => screen.rerender(app(shown)) }
}

function look(state: 'hidden' | 'visible'): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  // As a browser does: the document's event reaches the window too.
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}

/** The tests of such a list; `caughtUp` is what it says then. */
export function testStanding(open: (wire: Wire) => ReturnType<typeof openStanding>, caughtUp: string): void {
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: START }))
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  test('whoever looks at the tab again finds the rows where they were, up to date, and the newer ones counted', async () => {
    const { list } = await open(fakeLive().wire)
    look('hidden')
    vi.setSystemTime(START + LONG_MS)
    look('visible')
    await expect.element(list).toHaveTextContent(caughtUp)
  })

  test('so does whoever comes back to the list from another page', async () => {
    const { list, show } = await open(fakeLive().wire)
    await show(false)
    vi.setSystemTime(START + LONG_MS)
    await show(true)
    await expect.element(list).toHaveTextContent(caughtUp)
  })

  test('and whoever has worked on one of its records for a while', async () => {
    const { list, show } = await open(fakeLive().wire)
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: START })
    await show(false)
    vi.advanceTimersByTime(WORK_MS)
    vi.useRealTimers()
    await show(true)
    await expect.element(list).toHaveTextContent(caughtUp)
  })

  test('while the stream is down the list catches up by itself', async () => {
    const { list } = await open(broken)
    vi.advanceTimersByTime(POLL_MS)
    await expect.element(list).toHaveTextContent(caughtUp)
  })
}
