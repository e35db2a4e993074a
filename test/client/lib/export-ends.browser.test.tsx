/** A file that a job makes is told of when it ends, wherever the person is, and asked about only until then. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import type { ExportFile } from '../../../client/lib/export-ends.ts'
import { RunningMenu } from '../../../client/lib/running-menu.tsx'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'

const AT = new Date('2026-11-22T09:00:00Z')
const KEPT = 'paydesk.exports'

function file(change: Partial<ExportFile> = {}): ExportFile {
  return {
    id: '00000000-0000-4000-8000-0000000000e1',
    fileName: 'transactions.csv',
    status: 'waiting',
    expected: 48_000,
    written: 1_200,
    bytes: 0,
    personal: false,
    sha256: null,
    note: null,
    createdAt: AT,
    finishedAt: null,
    expiresAt: AT,
    ...change,
  }
}

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }),
)
afterEach(() => {
  vi.useRealTimers()
  sessionStorage.clear()
})

const running = (files: readonly ExportFile[]) => ({
  batches: [],
  replays: [],
  exports: files.filter(({ status }) => status === 'waiting'),
})

async function open({ files = [file()] }: { files?: ExportFile[] } = {}) {
  const held = { files }
  const api = fakeApi({ 'session.running': () => running(held.files), 'exports.list': () => held.files })
  const screen = await render(
    <TestApp api={api} role="finance">
      <RunningMenu path="/" />
    </TestApp>,
  )
  return { api, screen, held }
}

test('while it is made the top bar says how far it is; at its end its link is offered, once', async () => {
  const { api, screen, held } = await open()
  await screen.getByRole('button', { name: '1 running' }).click()
  const line = screen.getByRole('menuitem', { name: 'transactions.csv 1,200 of about 48,000 orders' })
  await expect.element(line).toHaveAttribute('href', '/transactions?dialog=export')
  held.files = [file({ status: 'ready', written: 48_207 })]
  await vi.advanceTimersByTimeAsync(5_000)
  const said = screen.getByRole('status').filter({ hasText: 'transactions.csv is ready: 48,207 orders.' })
  await expect.element(said).toBeVisible()
  await expect
    .element(said.getByRole('link', { name: 'Download' }))
    .toHaveAttribute('href', '/downloads/exports/00000000-0000-4000-8000-0000000000e1')
  await expect.element(line).not.toBeInTheDocument()
  const calls = api.calls.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(api.calls).toHaveLength(calls)
  expect(said.elements()).toHaveLength(1)
})

test('one that ended while the page was loaded again is told of; older ones are not', async () => {
  const older = file({ id: '00000000-0000-4000-8000-0000000000e2', fileName: 'old.csv', status: 'ready' })
  const failed = file({ status: 'failed', note: 'A file has at most 20,00,000 rows.' })
  sessionStorage.setItem(KEPT, failed.id)
  const { screen } = await open({ files: [failed, older] })
  const alert = screen.getByRole('alert')
  await expect.element(alert).toMatchTextContent(/transactions.csv could not be made/)
  await expect.element(alert).toMatchTextContent(/A file has at most/)
  expect(screen.getByText(/old.csv/).elements()).toHaveLength(0)
})

test('one whose end could not be asked for is told of the next time', async () => {
  sessionStorage.setItem(KEPT, file().id)
  const api = fakeApi({
    'session.running': () => running([]),
    'exports.list': () => new Refused('INTERNAL_SERVER_ERROR', 'internal', 'lost'),
  })
  await render(
    <TestApp api={api} role="finance">
      <RunningMenu path="/" />
    </TestApp>,
  )
  await expect.poll(() => api.calls.map(({ path }) => path)).toContain('exports.list')
  await expect.poll(() => sessionStorage.getItem(KEPT)).toBe(file().id)
})
