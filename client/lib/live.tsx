/**
 * The tab's one event stream. Screens listen to it; the shell shows its state. After a broken connection it resumes
 * after the last message, so that listeners miss nothing and hear nothing twice.
 */
import type { inferRouterOutputs } from '@trpc/server'
import {
  createContext,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import type { EventFilter } from '../../server/domain/event-filter.ts'
import type { AppRouter } from '../../server/trpc/router.ts'
import type { LiveState } from '../ui/live-sign.tsx'
import { codeOf, refusalOf } from './errors.ts'
import {
  createLiveStream,
  type LiveClock,
  type LiveConnection,
  type LiveStream,
  type LiveWire,
} from './live-connection.ts'
import { openWhileVisible, type Visibility } from './live-rest.ts'
import { SessionContext } from './session.ts'
import { queryClient, trpcClient, trpcOptions } from './trpc.ts'
import { useOnline } from './use-online.ts'

type StreamItem<T> = T extends AsyncIterable<infer Item> ? Item : never
type Sent = StreamItem<inferRouterOutputs<AppRouter>['events']['live']>
type WithPlace<T> = T extends { id: string; data: infer Message } ? Message : never
/** As the server sends it. */
export type WireMessage = WithPlace<Sent>
type Batch = Extract<WireMessage, { kind: 'batch' }>

/**
 * A message of the live feed: an event that arrived or was processed, an id that changed, or a word about the stream
 * itself (it begins, it is sampled, it is behind).
 */
export type LiveMessage =
  | Exclude<WireMessage, Batch>
  | { kind: 'event' | 'renewed'; row: Batch['events'][number] }
  | ({ kind: 'change' } & Batch['changes'][number])

/** What a stream asks for: the filter of the events it wants as rows, or null for changes only. */
export type LiveQuery = EventFilter | null

type Listener = (message: LiveMessage) => void
type Live = {
  stream: LiveStream<LiveQuery> | null
  listen: (listener: Listener) => () => void
  /** Asks for event rows until the returned function is called. */
  want: (filter: EventFilter) => () => void
}

const LiveContext = createContext<Live>({ stream: null, listen: () => () => {}, want: () => () => {} })
const OFF: LiveConnection = { kind: 'off' }

const browserClock: LiveClock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(delayMs, job) {
    const timer = setTimeout(job, delayMs)
    return () => clearTimeout(timer)
  },
}

const thisTab: Visibility = {
  hidden: () => document.visibilityState === 'hidden',
  watch(listener) {
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  },
}

/** Answers after which asking again would get the same answer. */
const FINAL_CODES: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'CONFLICT'])

/** The server's stream. The link itself would try again in silence; here every break is reported, so that it can be shown. */
const trpcWire: LiveWire<WireMessage, LiveQuery> = ({ lastId, query }, { onOpen, onMessage, onDown }) => {
  const down = (error: unknown) => onDown({ final: finalReason(error) })
  const subscription = trpcClient.events.live.subscribe(
    { lastEventId: lastId, events: query, sample: true },
    {
      onStarted: onOpen,
      onData: (item) => ('id' in item ? onMessage(item.id, item.data) : onMessage(null, item)),
      onError: down,
      onComplete: () => down(null),
      onConnectionStateChange: (change) => {
        if (change.state === 'connecting' && change.error) down(change.error)
      },
    },
  )
  return () => subscription.unsubscribe()
}

function finalReason(error: unknown): string | null {
  const code = codeOf(error)
  if (code === null || !FINAL_CODES.has(code)) return null
  // Any call that needs the session is answered the same and leads to the sign-in page.
  if (code === 'UNAUTHORIZED')
    void queryClient.invalidateQueries({ queryKey: trpcOptions.session.counts.queryKey() })
  return refusalOf(error)?.message ?? 'The server ended the live feed.'
}

type LiveProviderProps = {
  /** The role may read events. */
  enabled: boolean
  /** Where messages come from; tests bring their own. */
  wire?: LiveWire<WireMessage, LiveQuery>
  children: ReactNode
}

/** Opens the stream while `enabled` and shares it with everything below. Another account gets another stream. */
export function LiveProvider({ enabled, wire = trpcWire, children }: LiveProviderProps) {
  const account = useContext(SessionContext)?.account.slug ?? ''
  const online = useOnline()
  const [listeners] = useState(() => new Set<Listener>())
  const [wanted] = useState(() => new Set<{ filter: EventFilter }>())
  const stream = useMemo(
    () =>
      createLiveStream<WireMessage, LiveQuery>({
        wire,
        query: null,
        clock: browserClock,
        online: navigator.onLine,
        onMessage: (message) => {
          for (const one of message.kind === 'batch' ? messagesOf(message) : [message])
            for (const listener of listeners) listener(one)
        },
      }),
    // Ids of one account mean nothing in another: the stream is made anew.
    // oxlint-disable-next-line react/exhaustive-deps
    [wire, listeners, account],
  )
  useEffect(() => {
    if (!enabled) return
    return openWhileVisible(stream, thisTab, browserClock)
  }, [enabled, stream])
  useEffect(() => stream.setOnline(online), [stream, online])
  const live = useMemo(() => {
    // One page gives way to the next in the same moment: only what is wanted in the end is asked for.
    const ask = () => queueMicrotask(() => stream.setQuery([...wanted].at(-1)?.filter ?? null))
    return {
      stream,
      listen: (listener: Listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      want: (filter: EventFilter) => {
        const wish = { filter }
        wanted.add(wish)
        ask()
        return () => {
          wanted.delete(wish)
          ask()
        }
      },
    }
  }, [stream, listeners, wanted])
  return <LiveContext value={live}>{children}</LiveContext>
}

/** Changes first: rows are newer than whatever a change makes a page ask for. */
function messagesOf({ changes, events, renewed }: Batch): LiveMessage[] {
  return [
    ...changes.map((change) => ({ kind: 'change' as const, ...change })),
    ...events.map((row) => ({ kind: 'event' as const, row })),
    ...renewed.map((row) => ({ kind: 'renewed' as const, row })),
  ]
}

/** What the connection is doing, and a way not to wait for the next try. */
export function useLiveConnection(): { connection: LiveConnection; retryNow: () => void } {
  const { stream } = useContext(LiveContext)
  const connection = useSyncExternalStore(
    (listener) => stream?.watch(listener) ?? (() => {}),
    () => stream?.state() ?? OFF,
  )
  return { connection, retryNow: () => stream?.retryNow() }
}

/** State of the stream as the sign in the top bar shows it. */
export function useLiveState(): LiveState {
  const { connection } = useLiveConnection()
  switch (connection.kind) {
    case 'live':
      return { kind: 'live', detail: 'Connected. Changes appear by themselves.' }
    case 'reconnecting':
      return { kind: 'reconnecting', detail: `Try ${connection.attempt}. Nothing is lost meanwhile.` }
    case 'offline':
      return { kind: 'reconnecting', detail: 'You are offline.' }
    case 'ended':
      return { kind: 'stale', detail: connection.reason }
    case 'connecting':
    case 'off':
      return { kind: connection.kind }
  }
}

/** Calls `listener` for every message while the component is mounted. Event rows come only with {@link useLiveEvents}. */
export function useLive(listener: Listener): void {
  const { listen } = useContext(LiveContext)
  const hear = useEffectEvent(listener)
  useEffect(() => listen((message) => hear(message)), [listen])
}

/**
 * Like {@link useLive}, with rows of the events that `filter` takes; of none for null. A new filter holds from the next message on; the
 * stream begins with a hello, and what came before is the list's to load.
 */
export function useLiveEvents(filter: EventFilter | null, listener: Listener): void {
  const { want } = useContext(LiveContext)
  const key = JSON.stringify(filter)
  // Equal filters are one, whatever object they come in.
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(() => (filter === null ? undefined : want(filter)), [want, key])
  useLive(listener)
}
