/**
 * How long after its commit an event is on the screen: writers, two server processes, readers over HTTP that follow
 * everything as a page does, and one real page in Chromium, all on the same machine.
 */
import { emailOf, openFleet, PASSWORD, type Fleet } from '../faults/feed-clients.ts'
import { startWriters, type Writers } from '../faults/feed-writers.ts'
import { ownTimes } from '../faults/times.ts'
import { startServers } from '../faults/world.ts'
import { builtClient } from '../support/e2e-client.ts'
import type { Bench, BenchContext, BenchResult } from './bench.ts'
import { openFeedPage, type FeedPage } from './feed-page.ts'

const SERVERS = 2
const READERS = 100
const WRITERS = 20
/** Events a second: one at which every event is sent, and one at which a page is sent one in four. */
const RATES = [40, 200]
const SECONDS = 60
/** Before them, at the same rate: servers and browser compile what they run. Rows of then are not timed on the page. */
const WARM_SECONDS = 10
/** Reliability G19. */
const AIM_MS = 500

export const feed: Bench = {
  name: 'feed',
  title: `Live events, ${READERS} readers and a page: from commit to receipt and to the screen`,
  async run(context) {
    await builtClient()
    const results: BenchResult[] = []
    for (const rate of RATES) results.push(await measure(context, rate))
    return { rows: results.flatMap(({ rows }) => rows), aims: results.flatMap(({ aims }) => aims) }
  },
}

async function measure({ ground, scale, progress }: BenchContext, rate: number): Promise<BenchResult> {
  const warm = Math.round(rate * WARM_SECONDS * scale)
  const events = warm + Math.round(rate * SECONDS * scale)
  const database = await ground.newDatabase()
  const { servers, close } = await startServers(
    Array.from({ length: SERVERS }, () => database.url),
    'real',
  )
  const urls = servers.map(({ url }) => url)
  let writers: Writers | null = null
  let fleet: Fleet | null = null
  let page: FeedPage | null = null
  try {
    fleet = await openFleet({
      database,
      urls,
      clients: READERS,
      whole: READERS,
      slices: 1,
      events,
      sample: true,
      writers: () => writers,
    })
    page = await openFeedPage(urls[0] ?? '', emailOf(0), PASSWORD)
    progress(`${rate} events a second for ${Math.round(events / rate)} s`)
    writers = startWriters({
      databaseUrl: database.url,
      accountId: database.accountId,
      events,
      writers: WRITERS,
      rate,
      slices: 1,
      seed: 1,
      late: false,
    })
    await writers.done
    const shown = await page.appearedAt()
    const toScreen = ownTimes()
    for (const [n, at] of shown) {
      const committedAt = writers.committedAt[n] ?? 0
      if (n >= warm && committedAt > 0) toScreen.add(at - committedAt)
    }
    const { latency } = fleet
    return {
      rows: [
        {
          name: `${rate} events/s`,
          readers: READERS,
          'rows received': latency.count(),
          'receipt p50 ms': latency.at(0.5),
          'receipt p99 ms': latency.at(0.99),
          'rows on the page': toScreen.count(),
          'screen p50 ms': toScreen.at(0.5),
          'screen p99 ms': toScreen.at(0.99),
          'page says': await page.sign(),
        },
      ],
      aims: [
        aim(`${rate}/s: commit to receipt by ${READERS} readers, p99 at most ${AIM_MS} ms`, latency.at(0.99)),
        aim(`${rate}/s: commit to the row on the page, p99 at most ${AIM_MS} ms`, toScreen.at(0.99)),
      ],
    }
  } finally {
    writers?.stop()
    await writers?.done.catch(() => undefined)
    await page?.close()
    fleet?.close()
    await close()
    await database.close()
  }
}

function aim(text: string, foundMs: number): BenchResult['aims'][number] {
  return { aim: text, found: `${foundMs} ms`, met: foundMs <= AIM_MS && foundMs > 0 }
}
