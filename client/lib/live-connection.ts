/**
 * Keeps one event stream open: resumes after the last id it has seen, tries again with growing pauses, and says
 * honestly what it is doing. It knows neither React nor tRPC; the wire and the clock are handed in.
 */

/** What the connection is doing, for the person looking at it. */
export type LiveConnection =
  | { kind: 'off' }
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** Broken; `retryAt` is when it is tried again, null while it is being tried. */
  | { kind: 'reconnecting'; attempt: number; retryAt: Date | null }
  | { kind: 'offline' }
  /** The server ended it for good: signed out, role changed, another account. */
  | { kind: 'ended'; reason: string }

/** Why a stream went down. `final` holds the sentence when trying again is pointless. */
export type WireDown = { final: string | null }

export type WireHandlers<Message> = {
  onOpen: () => void
  /** `id` is where the message stands in the stream; null for words about the stream itself. */
  onMessage: (id: string | null, message: Message) => void
  onDown: (down: WireDown) => void
}

export type WireRequest<Query> = { lastId: string | null; query: Query }

/** Opens a stream of what `query` asks for that continues after `lastId`; the returned function closes it. */
export type LiveWire<Message, Query> = (
  request: WireRequest<Query>,
  handlers: WireHandlers<Message>,
) => () => void

export type LiveClock = {
  now: () => number
  /** Runs `job` once after `delayMs`; the returned function calls it off. */
  after: (delayMs: number, job: () => void) => () => void
  random: () => number
}

/** Pauses before the tries, in ms; the last one is kept. */
export const RETRY_PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const
/** A stream that held this long was a good one: after it the pauses begin again. */
const STABLE_MS = 10_000
/** Share of a pause that chance takes away, so that a thousand tabs do not come back in the same instant. */
const JITTER = 0.3

export type LiveStream<Query> = {
  state: () => LiveConnection
  /** Calls `listener` after every change of state. */
  watch: (listener: () => void) => () => void
  start: () => void
  /** Closes it. The last id is kept, so that a later start goes on where it was. */
  stop: () => void
  /** Does not wait for the pause to end. */
  retryNow: () => void
  setOnline: (online: boolean) => void
  /** Asks for something else from the next message on. The stream goes on after the last one, so none is lost. */
  setQuery: (query: Query) => void
}

/** Makes a stream that is off until started. Messages arrive in order, each id once. */
export function createLiveStream<Message, Query>(options: {
  wire: LiveWire<Message, Query>
  query: Query
  onMessage: (message: Message) => void
  clock: LiveClock
  online: boolean
}): LiveStream<Query> {
  const { wire, clock } = options
  const watchers = new Set<() => void>()
  let state: LiveConnection = { kind: 'off' }
  let online = options.online
  let attempt = 0
  let liveSince: number | null = null
  let lastId: string | null = null
  let { query } = options
  let close = () => {}
  let callOff = () => {}
  // Late words of a stream that was given up must not be taken for those of its successor.
  let current = 0

  function become(next: LiveConnection): void {
    state = next
    for (const watcher of watchers) watcher()
  }

  function drop(): void {
    current += 1
    callOff()
    close()
    callOff = () => {}
    close = () => {}
  }

  /** `quiet` changes the wire under a stream that is fine: it stays live unless the new wire fails. */
  function connect({ quiet = false } = {}): void {
    drop()
    if (!online) return become({ kind: 'offline' })
    if (!quiet)
      become(attempt === 0 ? { kind: 'connecting' } : { kind: 'reconnecting', attempt, retryAt: null })
    const mine = current
    if (!quiet) liveSince = null
    const request = { lastId, query }
    const opened = wire(request, {
      onOpen: () => {
        if (mine !== current) return
        liveSince ??= clock.now()
        if (state.kind === 'live') return
        become({ kind: 'live' })
      },
      onMessage: (id, message) => {
        if (mine !== current || (id !== null && id === lastId)) return
        lastId = id ?? lastId
        options.onMessage(message)
      },
      onDown: (down) => {
        if (mine === current) goDown(down)
      },
    })
    // The wire may have failed before it returned.
    if (mine === current) close = opened
    else opened()
  }

  function goDown({ final }: WireDown): void {
    const held = liveSince !== null && clock.now() - liveSince >= STABLE_MS
    drop()
    if (final !== null) return become({ kind: 'ended', reason: final })
    if (!online) return become({ kind: 'offline' })
    attempt = held ? 1 : attempt + 1
    const pause = RETRY_PAUSES_MS[Math.min(attempt, RETRY_PAUSES_MS.length) - 1] ?? 0
    const delayMs = Math.round(pause * (1 - JITTER * clock.random()))
    callOff = clock.after(delayMs, () => connect())
    become({ kind: 'reconnecting', attempt, retryAt: new Date(clock.now() + delayMs) })
  }

  return {
    state: () => state,
    watch(listener) {
      watchers.add(listener)
      return () => watchers.delete(listener)
    },
    start() {
      attempt = 0
      connect()
    },
    stop() {
      drop()
      become({ kind: 'off' })
    },
    retryNow() {
      if (state.kind === 'off' || state.kind === 'live' || state.kind === 'connecting') return
      connect()
    },
    setOnline(next) {
      if (next === online) return
      online = next
      if (state.kind === 'off' || state.kind === 'ended') return
      attempt = 1
      connect()
    },
    setQuery(next) {
      if (sameQuery(next, query)) return
      query = next
      if (state.kind === 'live') connect({ quiet: true })
      else if (state.kind === 'connecting' || (state.kind === 'reconnecting' && state.retryAt === null))
        connect()
    },
  }
}

function sameQuery(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
