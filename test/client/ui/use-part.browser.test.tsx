/** A part of the page that did not arrive. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cleanup, render } from 'vitest-browser-react'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { usePart } from '../../../client/ui/use-part.ts'

type Part = { word: string }
type Load = () => Promise<Part>

const MINUTE_MS = 60_000
/** Longer than the browser is waited for to be idle. */
const IDLE_MS = 2_500

beforeEach(() => {
  // As in Safari, which is asked by the clock: the one of the tests cannot take back what waits to be idle.
  vi.stubGlobal('requestIdleCallback', undefined)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  // What waits is taken back by the clock that it waits for.
  await cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function Shown({ load, wanted, onMissing }: { load: Load; wanted: boolean; onMissing: () => void }) {
  return <p>{usePart(load, wanted, onMissing)?.word ?? 'Nothing yet'}</p>
}

/** What does not arrive the first `lost` times. */
async function open(lost: number, wanted = false) {
  const load = vi.fn<Load>().mockResolvedValue({ word: 'Here' })
  for (let time = 0; time < lost; time += 1) load.mockRejectedValueOnce(new Error('lost'))
  const onMissing = vi.fn<() => void>()
  const screen = await render(
    <KitProvider>
      <Shown load={load} wanted={wanted} onMissing={onMissing} />
    </KitProvider>,
  )
  await vi.advanceTimersByTimeAsync(IDLE_MS)
  expect(load).toHaveBeenCalledTimes(1)
  return { load, onMissing, screen }
}

test('is fetched again every minute until it is there, and nobody is told', async () => {
  const { load, onMissing, screen } = await open(2)
  await vi.advanceTimersByTimeAsync(MINUTE_MS - IDLE_MS - 1)
  expect(load).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2 * IDLE_MS)
  expect(load).toHaveBeenCalledTimes(2)
  await expect.element(screen.getByText('Nothing yet')).toBeVisible()
  await vi.advanceTimersByTimeAsync(MINUTE_MS + IDLE_MS)
  await expect.element(screen.getByText('Here')).toBeVisible()
  await vi.advanceTimersByTimeAsync(3 * MINUTE_MS)
  expect(load).toHaveBeenCalledTimes(3)
  expect(onMissing).not.toHaveBeenCalled()
})

test('is fetched as soon as there is a network again, once', async () => {
  const { load, screen } = await open(1)
  window.dispatchEvent(new Event('online'))
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(IDLE_MS)
  await expect.element(screen.getByText('Here')).toBeVisible()
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS)
  expect(load).toHaveBeenCalledTimes(2)
})

test('is not fetched for a page that was left', async () => {
  const { load, screen } = await open(1)
  await screen.unmount()
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS)
  expect(load).toHaveBeenCalledTimes(1)
})

test('is told when somebody waits for it, who tries again in person', async () => {
  const { load, onMissing } = await open(1, true)
  expect(onMissing).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS)
  expect(load).toHaveBeenCalledTimes(1)
})
