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
import { SessionContext } from './session.ts'
import { queryClient, trpcClient, trpcOptions } from './trpc.ts'
import { useOnline } from './use-online.ts'

type StreamItem<T> = T extends AsyncIterable<infer Item> ? Item : never
type Tracked = StreamItem<inferRouterOutputs<AppRouter>['events']['live']>

/** A message of the live feed: an event row, a change of an id, or the hello after connecting. */
export type LiveMessage = Tracked extends { data: infer Message } ? Message : never

type Listener = (message: LiveMessage) => void
type Live = { stream: LiveStream | null; listen: (listener: Listener) => () => void }

const LiveContext = createContext<Live>({ stream: null, listen: () => () => {} })
const OFF: LiveConnection = { kind: 'off' }

const browserClock: LiveClock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(delayMs, job) {
    const timer = setTimeout(job, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Answers after which asking again would get the same answer. */
const FINAL_CODES: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'CONFLICT'])

/** The server's stream. The link itself would try again in silence; here every break is reported, so that it can be shown. */
const trpcWire: LiveWire<LiveMessage> = (lastId, { onOpen, onMessage, onDown }) => {
  const down = (error: unknown) => onDown({ final: finalReason(error) })
  const subscription = trpcClient.events.live.subscribe(
    { lastEventId: lastId },
    {
      onStarted: onOpen,
      onData: (item) => onMessage(item.id, item.data),
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
  wire?: LiveWire<LiveMessage>
  children: ReactNode
}

/** Opens the stream while `enabled` and shares it with everything below. Another account gets another stream. */
export function LiveProvider({ enabled, wire = trpcWire, children }: LiveProviderProps) {
  const account = useContext(SessionContext)?.account.slug ?? ''
  const online = useOnline()
  const [listeners] = useState(() => new Set<Listener>())
  const stream = useMemo(
    () =>
      createLiveStream<LiveMessage>({
        wire,
        clock: browserClock,
        online: navigator.onLine,
        onMessage: (message) => {
          for (const listener of listeners) listener(message)
        },
      }),
    // Ids of one account mean nothing in another: the stream is made anew.
    // oxlint-disable-next-line react/exhaustive-deps
    [wire, listeners, account],
  )
  useEffect(() => {
    if (!enabled) return
    stream.start()
    return () => stream.stop()
  }, [enabled, stream])
  useEffect(() => stream.setOnline(online), [stream, online])
  const live = useMemo(
    () => ({
      stream,
      listen: (listener: Listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }),
    [stream, listeners],
  )
  return <LiveContext value={live}>{children}</LiveContext>
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

/** Calls `listener` for every message while the component is mounted. */
export function useLive(listener: Listener): void {
  const { listen } = useContext(LiveContext)
  const hear = useEffectEvent(listener)
  useEffect(() => listen((message) => hear(message)), [listen])
}
