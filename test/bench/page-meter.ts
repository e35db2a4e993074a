/** What a page costs its browser, over the protocol of the developer tools: frames, the main thread, the heap. */
import type { CDPSession, Page } from 'playwright'

/** A frame longer than this is two that a screen of sixty a second has missed. */
export const LATE_FRAME_MS = 32

export type Frames = {
  frames: number
  late: number
  p99Ms: number
  worstMs: number
  /** The part of the time in which the main thread had something to do. */
  busy: number
}

export type Heap = { megabytes: number; nodes: number }

export type PageMeter = {
  /** The frames that are drawn while `act` runs. */
  frames(act: () => Promise<void>): Promise<Frames>
  /** How busy the main thread is while `act` runs, from 0 to 1. */
  busy(act: () => Promise<void>): Promise<number>
  /** What is left after a collection of garbage. */
  heap(): Promise<Heap>
  /** Makes the processor so many times as slow. */
  slowDown(times: number): Promise<void>
  /** Scrolls what is in the middle of the page, down by `pixels` or up by less than none, at that many a second. */
  scroll(pixels: number, pixelsPerSecond: number): Promise<void>
}

const BYTES_PER_MB = 1_048_576

export async function meterOf(page: Page): Promise<PageMeter> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const busy = async (act: () => Promise<void>): Promise<number> => {
    const before = await metricsOf(session)
    await act()
    const after = await metricsOf(session)
    return (after.taskSeconds - before.taskSeconds) / (after.at - before.at)
  }
  return {
    busy,
    async frames(act) {
      await page.evaluate(noteFrames)
      const share = await busy(act)
      const lengths = await page.evaluate(() => {
        const noted: unknown = Reflect.get(window, 'frameLengths')
        Reflect.set(window, 'frameLengths', null)
        return Array.isArray(noted) ? noted.map(Number) : []
      })
      const sorted = lengths.toSorted((a, b) => a - b)
      return {
        frames: sorted.length,
        late: sorted.filter((ms) => ms > LATE_FRAME_MS).length,
        p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
        worstMs: sorted.at(-1) ?? Number.NaN,
        busy: share,
      }
    },
    async heap() {
      // What only the end of the first collection lets go, the second takes.
      await session.send('HeapProfiler.collectGarbage')
      await session.send('HeapProfiler.collectGarbage')
      const { usedSize } = await session.send('Runtime.getHeapUsage')
      return { megabytes: usedSize / BYTES_PER_MB, nodes: (await metricsOf(session)).nodes }
    },
    async slowDown(times) {
      await session.send('Emulation.setCPUThrottlingRate', { rate: times })
    },
    async scroll(pixels, pixelsPerSecond) {
      const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
      await session.send('Input.synthesizeScrollGesture', {
        x: Math.round(width / 2),
        y: Math.round(height / 2),
        yDistance: -pixels,
        speed: pixelsPerSecond,
        gestureSourceType: 'mouse',
        preventFling: true,
      })
    },
  }
}

async function metricsOf(session: CDPSession): Promise<{ at: number; taskSeconds: number; nodes: number }> {
  const { metrics } = await session.send('Performance.getMetrics')
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
  return { at: of('Timestamp'), taskSeconds: of('TaskDuration'), nodes: of('Nodes') }
}

/** Runs in the page, until `frameLengths` is taken away. */
function noteFrames(): void {
  const lengths: number[] = []
  Reflect.set(window, 'frameLengths', lengths)
  let before = performance.now()
  const note = (now: number): void => {
    if (Reflect.get(window, 'frameLengths') !== lengths) return
    lengths.push(now - before)
    before = now
    requestAnimationFrame(note)
  }
  requestAnimationFrame((now) => {
    before = now
    requestAnimationFrame(note)
  })
}
