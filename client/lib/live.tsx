/**
 * The tab's one event stream. Screens listen to it; the shell shows its state. After a broken connection the link
 * resumes from the last id by itself, so that listeners miss nothing.
 */
import { useSubscription } from '@trpc/tanstack-react-query'
import type { inferRouterOutputs } from '@trpc/server'
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react'
import type { AppRouter } from '../../server/trpc/router.ts'
import type { LiveState } from '../ui/live-sign.tsx'
import { useTRPC } from './trpc.ts'

type StreamItem<T> = T extends AsyncIterable<infer Item> ? Item : never
type Tracked = StreamItem<inferRouterOutputs<AppRouter>['events']['live']>

/** A message of the live feed: an event row, a change of an id, or the hello after connecting. */
export type LiveMessage = Tracked extends { data: infer Message } ? Message : never

type Listener = (message: LiveMessage) => void
type Live = { state: LiveState; listen: (listener: Listener) => () => void }

const LiveContext = createContext<Live>({ state: { kind: 'off' }, listen: () => () => {} })

/** Opens the stream while `enabled` (the role may read events) and shares it with everything below. */
export function LiveProvider({ enabled, children }: { enabled: boolean; children: ReactNode }) {
  const trpc = useTRPC()
  const [listeners] = useState(() => new Set<Listener>())
  const subscription = useSubscription(
    trpc.events.live.subscriptionOptions(
      {},
      {
        enabled,
        onData: (item) => {
          for (const listener of listeners) listener(item.data)
        },
      },
    ),
  )
  const listen = (listener: Listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return (
    <LiveContext value={{ state: enabled ? stateOf(subscription.status) : { kind: 'off' }, listen }}>
      {children}
    </LiveContext>
  )
}

function stateOf(status: 'idle' | 'connecting' | 'pending' | 'error'): LiveState {
  switch (status) {
    case 'pending':
      return { kind: 'live', detail: 'Connected. Changes appear by themselves.' }
    case 'connecting':
      return { kind: 'connecting' }
    case 'error':
      return { kind: 'stale', detail: 'The live feed stopped. Reload the page to start it again.' }
    case 'idle':
      return { kind: 'off' }
  }
}

/** State of the stream, for the sign in the top bar and the feed page. */
export function useLiveState(): LiveState {
  return useContext(LiveContext).state
}

/** Calls `listener` for every message while the component is mounted. */
export function useLive(listener: Listener): void {
  const { listen } = useContext(LiveContext)
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  const listenRef = useRef(listen)
  useEffect(() => listenRef.current((message) => latest.current(message)), [])
}
