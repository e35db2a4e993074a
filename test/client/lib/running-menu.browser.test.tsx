/** The menu of what runs: there while something does, kept true by the live stream, and its end is said once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { runChecks } from '../../../client/lib/check-run.ts'
import { LiveProvider } from '../../../client/lib/live.tsx'
import { RunningMenu } from '../../../client/lib/running-menu.tsx'
import { RunningWork } from '../../../client/lib/running-work.tsx'
import type { Running } from '../../../client/lib/running-jobs.ts'
import { AppFrame } from '../../../client/ui/app-frame.tsx'
import { announce } from '../../../client/ui/announcer.tsx'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { batchOf } from '../bulk-refunds/bulk-fixtures.ts'
import { fakeLive } from '../fake-live.ts'

const BATCH_ID = batchOf().id
const REPLAY_ID = '00000000-0000-4000-8000-0000000000f1'

const BATCH = batchOf({ status: 'running', total: 1_240, released: 312 })
const RUNNING_BATCH: Running['batches'][number] = {
  ...BATCH,
  rows: { ...BATCH.rows, ok: 1_240 },
}
const RUNNING_REPLAY: Running['replays'][number] = {
  id: REPLAY_ID,
  phase: 'applying',
  total: 40,
  shadowed: 40,
  applied: 7,
  skipped: 1,
}
/** Of a check of 200 orders that goes on. */
const PARTS_BEFORE = 10
const NOTHING: Running = { batches: [], replays: [], exports: [] }

// The live region keeps its last words.
beforeEach(() => announce(''))
afterEach(async () => {
  vi.useRealTimers()
  await page.viewport(1280, 800)
})

type Opened = {
  path?: string
  running?: Running
  ended?: ReturnType<typeof batchOf>
  replay?: { status: string; failed: number }
}

async function open({
  path = '/',
  running = { ...NOTHING, batches: [RUNNING_BATCH], replays: [RUNNING_REPLAY] },
  ended = batchOf({ status: 'finished_failures' }),
  replay = { status: 'applying', failed: 0 },
}: Opened = {}) {
  vi.useFakeTimers({
    shouldAdvanceTime: true,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  })
  const held = { running }
  const api = fakeApi({
    'session.running': () => held.running,
    'bulk.get': () => ended,
    'replays.get': () => replay,
  })
  const { wire, hear } = fakeLive()
  const screen = await render(
    <TestApp api={api} role="finance">
      <LiveProvider enabled wire={wire}>
        <button type="button">Elsewhere</button>
        <RunningMenu path={path} />
      </LiveProvider>
    </TestApp>,
  )
  /** What runs is different, and the stream says so. */
  const become = async (next: Running) => {
    held.running = next
    const change = { subject: 'bulk_batch' as const, subjectId: BATCH_ID, at: new Date() }
    hear({ kind: 'batch', events: [], renewed: [], changes: [change] })
    await vi.advanceTimersByTimeAsync(2_000)
  }
  const asked = (what: string) => api.calls.filter((call) => call.path === what).length
  return { screen, become, asked }
}

const said = () =>
  page
    .getByRole('status')
    .elements()
    .map((element) => element.textContent)
    .join('')

test('what runs is counted; each line says what it is and how far, and leads to its page', async () => {
  const { screen } = await open()
  await screen.getByRole('button', { name: '2 running' }).click()
  await expect
    .element(screen.getByRole('menuitem', { name: 'Batch 0012 Refunds: 312 of 1,240' }))
    .toHaveAttribute('href', `/refunds/bulk/${BATCH_ID}`)
  await expect
    .element(screen.getByRole('menuitem', { name: 'Replay of 40 events 8 of 40' }))
    .toHaveAttribute('href', `/events/replays/${REPLAY_ID}`)
})

test('it opens and closes by the keyboard, and the focus goes back to it', async () => {
  const { screen } = await open()
  const button = screen.getByRole('button', { name: '2 running' })
  await expect.element(button).toBeVisible()
  button.element().focus()
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByRole('menuitem', { name: /Batch 0012/ })).toHaveFocus()
  await userEvent.keyboard('{ArrowDown}')
  await expect.element(screen.getByRole('menuitem', { name: /Replay/ })).toHaveFocus()
  await userEvent.keyboard('{Escape}')
  await expect.element(button).toHaveFocus()
})

test('nothing is there while nothing runs', async () => {
  const { screen, asked } = await open({ running: NOTHING })
  await expect.poll(() => asked('session.running')).toBe(1)
  expect(screen.getByRole('button', { name: /running/ }).elements()).toHaveLength(0)
})

test('a word of the stream renews it, and nothing else does', async () => {
  const { screen, become, asked } = await open()
  await expect.element(screen.getByRole('button', { name: '2 running' })).toBeVisible()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked('session.running')).toBe(1)
  await become({ ...NOTHING, replays: [RUNNING_REPLAY] })
  await expect.element(screen.getByRole('button', { name: '1 running' })).toBeVisible()
  expect(asked('session.running')).toBe(2)
})

test('the end of a batch is said once, with what became of it', async () => {
  const { become, asked } = await open()
  await become({ ...NOTHING, replays: [RUNNING_REPLAY] })
  await expect.poll(said).toBe('Batch 0012: Finished with failures.')
  await become({ ...NOTHING, replays: [{ ...RUNNING_REPLAY, applied: 9 }] })
  expect(asked('bulk.get')).toBe(1)
})

test('what ends together is said together', async () => {
  const { become } = await open({ replay: { status: 'done', failed: 0 } })
  await become(NOTHING)
  await expect.poll(said).toBe('Batch 0012: Finished with failures. Replay of 40 events: Finished.')
})

test('on its own page the end is left to that page', async () => {
  const { screen, become, asked } = await open({ path: `/refunds/bulk/${BATCH_ID}` })
  await expect.element(screen.getByRole('button', { name: '2 running' })).toBeVisible()
  await become({ ...NOTHING, replays: [RUNNING_REPLAY] })
  await expect.element(screen.getByRole('button', { name: '1 running' })).toBeVisible()
  expect(asked('bulk.get')).toBe(0)
  expect(said()).toBe('')
})

test('one that goes on all the same has not ended', async () => {
  const { become, asked } = await open({ ended: batchOf({ status: 'running' }) })
  await become({ ...NOTHING, replays: [RUNNING_REPLAY] })
  await expect.poll(() => asked('bulk.get')).toBe(1)
  await become(NOTHING)
  await expect.poll(() => asked('replays.get')).toBe(1)
  await vi.advanceTimersByTimeAsync(0)
  expect(said()).toBe('')
})

test('when the last ends with the menu open, the focus goes back to where it came from', async () => {
  const { screen, become } = await open()
  const button = screen.getByRole('button', { name: '2 running' })
  await expect.element(button).toBeVisible()
  screen.getByRole('button', { name: 'Elsewhere' }).element().focus()
  await userEvent.tab()
  await expect.element(button).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByRole('menuitem', { name: /Batch 0012/ })).toHaveFocus()
  await become(NOTHING)
  await expect.element(button).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', { name: 'Elsewhere' })).toHaveFocus()
})

test('on a phone it fits beside everything else in the bar, also while orders are checked', async () => {
  await page.viewport(390, 844)
  const api = fakeApi({ 'session.running': () => ({ ...NOTHING, batches: [RUNNING_BATCH] }) })
  const screen = await render(
    <TestApp api={api} role="finance">
      <AppFrame
        nav={[]}
        currentPath="/"
        user={{ name: 'Rohan Das', role: 'Finance' }}
        userMenu={(trigger) => trigger}
        live={{ kind: 'live', detail: '' }}
        running={<RunningWork path="/" />}
        onSearch={() => {}}
        onToggleTimeZone={() => {}}
      >
        <p>Page</p>
      </AppFrame>
    </TestApp>,
  )
  let answer = () => {}
  const answered = new Promise<[]>((resolve) => {
    answer = () => resolve([])
  })
  let parts = 0
  const checks = runChecks(
    Array.from({ length: 200 }, (_, n) => `id_${n}`),
    async () => ((parts += 1) > PARTS_BEFORE ? answered : []),
  )
  await expect.element(screen.getByText(/^Checked 100 of 200$/).first()).toBeVisible()
  await expect.element(screen.getByRole('button', { name: '1 running' })).toBeVisible()
  const bar = screen.getByRole('banner').element()
  expect(bar.scrollWidth).toBeLessThanOrEqual(390)
  await screen.unmount()
  answer()
  await checks
})
