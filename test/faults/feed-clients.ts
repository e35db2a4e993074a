/** The readers of the feed battery: what each has seen of every event, and how long after its commit. */
import { randomUUID } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import type { Role } from '../../server/domain/permission.ts'
import { connect } from '../../server/store/database.ts'
import { createStore } from '../../server/store/store.ts'
import { signIn } from '../support/app.ts'
import { openLiveStream, type LiveReader } from '../support/live-client.ts'
import { numberOfEventId, sliceOf, type Writers } from './feed-writers.ts'
import { ownTimes, type Times } from './times.ts'
import type { Database } from './world.ts'

/** Of all people of the fleet. */
export const PASSWORD = 'feed battery 2026'
const ROLE: Role = 'viewer'
/** A person may have twelve streams in one server process; a stream that was cut keeps its place for a moment. */
const STREAMS_PER_PERSON = 6
const SEEN_MAX = 255

export type FeedClient = {
  /** The slice it watches; null for everything. */
  slice: number | null
  /** How often it has seen each event. */
  seen: Uint8Array
  received: number
  reconnects: number
  /** Connections that ended without being asked to, with the reason. */
  lost: string[]
  /** Whether the server has greeted it. */
  greeted: boolean
  /** Cuts the connection and comes back at once, at `url` where given, after the last message. */
  reconnect(url: string): void
  close(): void
}

export type Fleet = {
  clients: readonly FeedClient[]
  /** From right after the commit to receipt, while the client was connected. */
  latency: Times
  /** What is missing or too much, for each client that does not have every event once. */
  faults(writers: Writers): { gaps: number; duplicates: number; ghosts: number }
  close(): void
}

/** Address of person number `no`. */
export const emailOf = (no: number): string => `feed-${no}@example.test`

/** Makes people and signs them in, as many as `streams` streams need. Returns their cookies by server. */
async function signInPeople(
  database: Database,
  urls: readonly string[],
  streams: number,
): Promise<Map<string, string[]>> {
  const people = Math.ceil(streams / STREAMS_PER_PERSON)
  const passwordHash = await hashPassword(PASSWORD)
  const cookies = new Map<string, string[]>(urls.map((url) => [url, []]))
  const connection = connect(database.url, { poolSize: 1 })
  const { staff } = createStore(connection)
  try {
    for (let no = 0; no < people; no += 1) {
      const [userId, email] = [randomUUID(), emailOf(no)]
      await staff.create({ userId, name: `Feed ${no}`, email, passwordHash })
      await staff.setRole(database.accountId, userId, ROLE)
      for (const url of urls) cookies.get(url)?.push((await signIn(url, email, PASSWORD)).cookie)
    }
    return cookies
  } finally {
    await connection.close()
  }
}

export type FleetOptions = {
  database: Database
  urls: readonly string[]
  clients: number
  /** How many of them watch everything. */
  whole: number
  slices: number
  writers: () => Writers | null
  events: number
  /** Whether a fast feed is sampled, as it is for a page. Default: not. */
  sample?: boolean
}

/** Opens all streams and waits until the server has greeted each. */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { database, urls, slices, events } = options
  const cookies = await signInPeople(database, urls, options.clients)
  const latency = ownTimes()
  const open = (no: number): FeedClient => {
    const slice = no < options.whole ? null : no % slices
    const client: FeedClient & { stream: LiveReader | null } = {
      slice,
      seen: new Uint8Array(events),
      received: 0,
      reconnects: 0,
      lost: [],
      greeted: false,
      stream: null,
      reconnect: (url) => {
        client.reconnects += 1
        follow(url)
      },
      close: () => client.stream?.close(),
    }
    const follow = (url: string): void => {
      const lastEventId = client.stream?.lastId() ?? null
      client.stream?.close()
      const stream = openLiveStream({
        url,
        cookie: cookies.get(url)?.[Math.floor(no / STREAMS_PER_PERSON)] ?? '',
        input: {
          lastEventId,
          events: slice === null ? {} : { names: [`SLICE_${slice}`] },
          sample: options.sample ?? false,
        },
        keep: false,
        onMessage: (message) => {
          if (message.kind === 'hello') client.greeted = true
          if (message.kind !== 'batch') return
          const now = performance.timeOrigin + performance.now()
          const committedAt = options.writers()?.committedAt
          for (const { id } of message.events) {
            const n = numberOfEventId(id)
            client.received += 1
            client.seen[n] = Math.min(SEEN_MAX, (client.seen[n] ?? 0) + 1)
            // A commit whose answer is still on its way to the writer took no time at all.
            const at = committedAt?.[n] ?? 0
            latency.add(at === 0 ? 0 : Math.max(0, now - at))
          }
        },
        onEnd: (why) => {
          if (why === 'closed' || client.stream !== stream) return
          client.lost.push(why)
          follow(url)
        },
      })
      client.stream = stream
    }
    follow(urls[no % urls.length] ?? '')
    return client
  }
  const clients = Array.from({ length: options.clients }, (_, no) => open(no))
  return {
    clients,
    latency,
    faults: (writers) => countFaults(clients, writers, slices),
    close: () => {
      for (const client of clients) client.close()
    },
  }
}

function countFaults(clients: readonly FeedClient[], { committedAt }: Writers, slices: number) {
  const faults = { gaps: 0, duplicates: 0, ghosts: 0 }
  for (const { seen, slice } of clients)
    for (let n = 0; n < committedAt.length; n += 1) {
      const due = committedAt[n] !== 0 && (slice === null || sliceOf(n, slices) === slice)
      const times = seen[n] ?? 0
      if (due && times === 0) faults.gaps += 1
      if (due && times > 1) faults.duplicates += times - 1
      if (!due && times > 0) faults.ghosts += 1
    }
  return faults
}
