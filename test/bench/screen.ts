/**
 * What the dashboard costs its browser: the transactions list scrolled through a hundred thousand rows on a processor
 * four times as slow, and the page of live events after ten minutes of them.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright'
import { DEMO_PASSWORD } from '../../server/demo.ts'
import { emailOf, openFleet, PASSWORD, type Fleet } from '../faults/feed-clients.ts'
import { startWriters, type Writers } from '../faults/feed-writers.ts'
import { startServers } from '../faults/world.ts'
import { builtClient } from '../support/e2e-client.ts'
import type { Bench, BenchContext, BenchResult, Row } from './bench.ts'
import { LATE_FRAME_MS, meterOf, type Frames, type PageMeter } from './page-meter.ts'
import { seededDatabase } from './seeded.ts'
import { openEvents, openSignedIn, streamSign } from './signed-in-page.ts'

const ROWS = 100_000
const SLOW_DOWN = 4
/** A wheel that is turned hard: more than two hundred rows a second. */
const PIXELS_PER_SECOND = 8_000
const PIXELS_AT_ONCE = 16_000
/** Of the rows, which are all there then. */
const UP_PART = 0.25
const EMPTY_SECONDS = 20
const PERSON = { email: 'finance@demo.test', password: DEMO_PASSWORD }
const LIST_HEAP_MB = 250

const EVENTS_PER_SECOND = 50
const LIVE_SECONDS = 600
/** Until the feed holds as many rows as it keeps. */
const WARM_SECONDS = 60
const GROWTH_MB = 20
const BUSY_MAX = 0.2

/** Design §5.4. */
export const screen: Bench = {
  name: 'screen',
  title: `Scrolling ${ROWS} rows on a ${SLOW_DOWN} times slower processor, and ten minutes of ${EVENTS_PER_SECOND} events a second`,
  kept: 'list',
  async run(context) {
    await builtClient()
    const scrolled = await scrollList(context)
    const live = await watchEvents(context)
    return { rows: scrolled.rows, details: live.rows, aims: [...scrolled.aims, ...live.aims] }
  },
}

async function scrollList({ ground, scale, progress }: BenchContext): Promise<BenchResult> {
  const orders = Math.round(ROWS * Math.min(1, scale))
  const { url: databaseUrl } = await seededDatabase(ground.cluster.url, orders, progress)
  const { servers, close } = await startServers([databaseUrl], 'real')
  const signedIn = await openSignedIn(servers[0]?.url ?? '', PERSON)
  try {
    const { page } = signedIn
    const meter = await meterOf(page)
    await page.goto('/transactions?t=all')
    await page.locator('[data-row="0"]').waitFor()
    await meter.slowDown(SLOW_DOWN)
    progress(`down through ${orders} rows`)
    const down = await scrolled(page, meter, () => turnWheel(page, meter, 1, (row) => row === orders - 1))
    await meter.slowDown(1)
    const { megabytes } = await meter.heap()
    await meter.slowDown(SLOW_DOWN)
    const upTo = Math.round(orders * (1 - UP_PART))
    progress(`up again to row ${upTo}`)
    const up = await scrolled(page, meter, () => turnWheel(page, meter, -1, (row) => row <= upTo))
    progress('a page with nothing in it')
    const empty = await scrollNothing(page, meter)
    const smooth = (what: string, { late, frames, worstMs }: Frames): BenchResult['aims'][number] => ({
      aim: `${what}: no frame over ${LATE_FRAME_MS} ms`,
      found: `${late} of ${frames}, the longest ${Math.round(worstMs)} ms`,
      met: late === 0 && frames > 0,
    })
    return {
      rows: [
        { ...rowOf('down, rows arriving', down, orders), 'rows blank %': percent(down.blank) },
        { ...rowOf('up, rows there', up, orders - upTo), 'rows blank %': percent(up.blank) },
        rowOf('nothing to draw', empty, 0),
      ],
      aims: [
        smooth(`down through ${orders} rows that arrive`, down),
        smooth(`up through ${orders - upTo} rows that are there`, up),
        {
          aim: `${orders} rows loaded: heap at most ${LIST_HEAP_MB} MB`,
          found: `${Math.round(megabytes)} MB`,
          met: megabytes <= LIST_HEAP_MB,
        },
      ],
    }
  } finally {
    await signedIn.close()
    await close()
  }
}

/** Turns the wheel, down or up, until the last of the rows that are drawn is the wanted one. */
async function turnWheel(
  page: Page,
  meter: PageMeter,
  way: 1 | -1,
  isThere: (row: number) => boolean,
): Promise<void> {
  const last = page.locator('tbody [data-row]').last()
  while (!isThere(Number(await last.getAttribute('data-row'))))
    await meter.scroll(way * PIXELS_AT_ONCE, PIXELS_PER_SECOND)
}

/** The frames while `act` scrolls a list, and the part of its rows that were blank, from 0 to 1. */
async function scrolled(
  page: Page,
  meter: PageMeter,
  act: () => Promise<void>,
): Promise<Frames & { blank: number }> {
  await page.evaluate(noteBlanks)
  const frames = await meter.frames(act)
  return { ...frames, blank: await page.evaluate(blankShare) }
}

/** Runs in the page: from time to time, how many of the rows that are drawn wait for their cells. Until it is asked. */
function noteBlanks(): void {
  const everyMs = 250
  const noted = { blank: 0, rows: 0, timer: 0 }
  Reflect.set(window, 'blankRows', noted)
  noted.timer = window.setInterval(() => {
    noted.blank += document.querySelectorAll('tbody [data-row][data-blank]').length
    noted.rows += document.querySelectorAll('tbody [data-row]').length
  }, everyMs)
}

/** Runs in the page: the part of the drawn rows that {@link noteBlanks} saw blank, from 0 to 1. */
function blankShare(): number {
  const noted: { blank: number; rows: number; timer: number } = Reflect.get(window, 'blankRows')
  window.clearInterval(noted.timer)
  return noted.blank / noted.rows
}

/** The same wheel over a page without rows: what the browser and the machine add by themselves. */
async function scrollNothing(page: Page, meter: PageMeter): Promise<Frames> {
  await page.setContent(
    `<div style="height: ${ROWS * 34}px; background: linear-gradient(white, grey)"></div>`,
  )
  return meter.frames(async () => {
    for (let left = EMPTY_SECONDS * PIXELS_PER_SECOND; left > 0; left -= PIXELS_AT_ONCE)
      await meter.scroll(PIXELS_AT_ONCE, PIXELS_PER_SECOND)
  })
}

function rowOf(name: string, { frames, late, p99Ms, worstMs, busy }: Frames, rows: number): Row {
  return {
    name,
    rows,
    frames,
    [`frames over ${LATE_FRAME_MS} ms`]: late,
    'p99 ms': Math.round(p99Ms),
    'longest ms': Math.round(worstMs),
    'busy %': percent(busy),
  }
}

const percent = (share: number): number => Math.round(share * 100)

async function watchEvents({ ground, scale, progress }: BenchContext): Promise<BenchResult> {
  const [warm, seconds] = [WARM_SECONDS, LIVE_SECONDS].map((whole) => Math.ceil(whole * Math.min(1, scale)))
  const events = EVENTS_PER_SECOND * ((warm ?? 0) + (seconds ?? 0)) * 2
  const database = await ground.newDatabase()
  const { servers, close } = await startServers([database.url], 'real')
  const url = servers[0]?.url ?? ''
  let writers: Writers | null = null
  let fleet: Fleet | null = null
  let signedIn: Awaited<ReturnType<typeof openSignedIn>> | null = null
  try {
    // One reader beside the page counts what was sent; with it come the people who may sign in.
    fleet = await openFleet({
      database,
      urls: [url],
      clients: 1,
      whole: 1,
      slices: 1,
      events,
      sample: true,
      writers: () => writers,
    })
    signedIn = await openSignedIn(url, { email: emailOf(0), password: PASSWORD })
    const { page } = signedIn
    const meter = await meterOf(page)
    await openEvents(page)
    writers = startWriters({
      databaseUrl: database.url,
      accountId: database.accountId,
      events,
      writers: 8,
      rate: EVENTS_PER_SECOND,
      slices: 1,
      seed: 1,
      late: false,
    })
    progress(`${EVENTS_PER_SECOND} events a second, the first ${warm} s`)
    await wait((warm ?? 0) * 1_000)
    const before = await meter.heap()
    const sentBefore = fleet.latency.count()
    progress(`${seconds} s more`)
    const busy = await meter.busy(() => wait((seconds ?? 0) * 1_000))
    const sent = fleet.latency.count() - sentBefore
    const after = await meter.heap()
    const growth = after.megabytes - before.megabytes
    return {
      rows: [
        {
          name: 'live events',
          seconds: seconds ?? 0,
          'events sent': sent,
          'heap MB before': round(before.megabytes),
          'heap MB after': round(after.megabytes),
          'nodes before': before.nodes,
          'nodes after': after.nodes,
          'busy %': percent(busy),
          'page says': await streamSign(page),
        },
      ],
      aims: [
        {
          aim: `${seconds} s of ${EVENTS_PER_SECOND} events a second: heap growth under ${GROWTH_MB} MB`,
          found: `${round(growth)} MB over ${sent} events`,
          met: growth < GROWTH_MB && sent > 0,
        },
        {
          aim: `the main thread at most ${percent(BUSY_MAX)} % busy`,
          found: `${percent(busy)} %`,
          met: busy <= BUSY_MAX,
        },
      ],
    }
  } finally {
    writers?.stop()
    await writers?.done.catch(() => undefined)
    await signedIn?.close()
    fleet?.close()
    await close()
    await database.close()
  }
}

const round = (value: number): number => Math.round(value * 10) / 10
