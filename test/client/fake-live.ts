import type { LiveWire } from '../../client/lib/live-connection.ts'
import type { LiveQuery, WireMessage } from '../../client/lib/live.tsx'

/** A live stream that is open as soon as it is asked for; `hear` sends a message down it. */
export function fakeLive() {
  let send: (id: string, message: WireMessage) => void = () => {}
  let sent = 0
  const wire: LiveWire<WireMessage, LiveQuery> = (_request, { onOpen, onMessage }) => {
    onOpen()
    send = onMessage
    return () => {}
  }
  return { wire, hear: (message: WireMessage) => send(String((sent += 1)), message) }
}
