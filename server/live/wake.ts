/**
 * Wake-ups between processes through PostgreSQL's NOTIFY. A wake-up says "look", never what: it carries no data, may
 * come twice and may be lost, and everyone who listens also polls (reliability W27).
 */
import { EventEmitter } from 'node:events'
import pg from 'pg'

export const WAKE_TOPICS = ['events', 'refunds', 'live', 'replays', 'bulk', 'exports'] as const
export type WakeTopic = (typeof WAKE_TOPICS)[number]

const CHANNEL = 'paydesk_wake'
/** A burst of wake-ups becomes one notification. */
const COALESCE_MS = 20
const RECONNECT_MIN_MS = 250
const RECONNECT_MAX_MS = 5_000
/** Many open screens listen; more than this at once would be a leak. */
const LISTENERS_MAX = 2_000

export type Wakeups = {
  /** Wakes everyone who listens to `topic`, here at once and in other processes soon. Never waits, never throws. */
  wake(topic: WakeTopic): void
  /** Calls `listener` on every wake-up of `topic`; returns the way to stop. */
  on(topic: WakeTopic, listener: () => void): () => void
  close(): Promise<void>
}

export type WakeLog = { warn(fields: Record<string, unknown>, message: string): void }

/**
 * Connects with a connection of its own and keeps it connected. Works alone while the database is away.
 * @param stream makes the socket to the database, where it shall not be an ordinary one
 */
export function createWakeups(url: string, log: WakeLog, stream?: pg.ClientConfig['stream']): Wakeups {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(LISTENERS_MAX)
  const link = listenTo({ connectionString: url, keepAlive: true, ...(stream && { stream }) }, log, (topic) =>
    emitter.emit(topic),
  )
  const waiting = new Set<WakeTopic>()
  let timer: NodeJS.Timeout | null = null
  let sending = false
  const later = (): void => {
    if (!sending) timer ??= setTimeout(() => void flush(), COALESCE_MS).unref()
  }
  const flush = async (): Promise<void> => {
    timer = null
    const topics = [...waiting]
    waiting.clear()
    // One statement at a time on this connection: what is woken meanwhile goes with the next.
    sending = true
    await link.notify(topics)
    sending = false
    if (waiting.size > 0) later()
  }
  return {
    wake(topic) {
      emitter.emit(topic)
      waiting.add(topic)
      later()
    },
    on(topic, listener) {
      emitter.on(topic, listener)
      return () => {
        emitter.off(topic, listener)
      }
    },
    async close() {
      waiting.clear()
      if (timer !== null) clearTimeout(timer)
      emitter.removeAllListeners()
      await link.close()
    },
  }
}

type Link = {
  /** Never rejects. */ notify(topics: readonly WakeTopic[]): Promise<void>
  close(): Promise<void>
}

function listenTo(config: pg.ClientConfig, log: WakeLog, heard: (topic: WakeTopic) => void): Link {
  let client: pg.Client | null = null
  let retry: NodeJS.Timeout | null = null
  let pause = RECONNECT_MIN_MS
  let closed = false

  const later = (): void => {
    if (closed || retry !== null) return
    retry = setTimeout(() => {
      retry = null
      connect()
    }, pause).unref()
    pause = Math.min(RECONNECT_MAX_MS, pause * 2)
  }
  const open = async (next: pg.Client): Promise<void> => {
    await next.connect()
    await next.query(`listen ${CHANNEL}`)
    if (closed) return next.end()
    client = next
    pause = RECONNECT_MIN_MS
    // Whatever was said while we were away was missed.
    for (const topic of WAKE_TOPICS) heard(topic)
  }
  const connect = (): void => {
    const next = new pg.Client(config)
    const lost = (error: unknown): void => {
      if (client === next) client = null
      if (!closed) log.warn({ error: String(error) }, 'the connection for wake-ups is lost; polling goes on')
      later()
    }
    next.on('notification', ({ payload }) => {
      const topic = WAKE_TOPICS.find((known) => known === payload)
      if (topic !== undefined) heard(topic)
    })
    next.on('error', lost)
    next.on('end', () => {
      if (client === next) client = null
      later()
    })
    open(next).catch((error: unknown) => {
      next.end().catch(() => undefined)
      lost(error)
    })
  }
  connect()
  return {
    async notify(topics) {
      // Lost when there is no connection: the others poll.
      const said = client?.query('select pg_notify($1, topic) from unnest($2::text[]) as topic', [
        CHANNEL,
        topics,
      ])
      await said?.catch(() => undefined)
    },
    async close() {
      closed = true
      if (retry !== null) clearTimeout(retry)
      await client?.end()
    },
  }
}
