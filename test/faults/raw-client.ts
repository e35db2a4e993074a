/** Sends bytes, whatever they are, over a connection of their own and tells what came back. */
import { connect } from 'node:net'

export type Delivery = {
  /** Written one after the other, each in a packet of its own where the kernel agrees. */
  pieces: readonly Buffer[]
  /**
   * `listen`: ends its side when nothing comes back for a moment. `leave`: resets the connection at once. `hold`: stays
   * until the other end acts.
   */
  manner: 'listen' | 'leave' | 'hold'
  /** Nothing came for so long: the sender says that it has no more, after which no answer can be hoped for. */
  silenceMs: number
}

export type Reply = {
  /** Of every answer on the connection, in order. */
  statuses: number[]
  /** Whether the other end answered or closed; a sender that left does not wait for either. */
  ended: boolean
}

/** After an answer, for further ones. */
const QUIET_MS = 15
/** More than any answer is; what follows is not looked at. */
const KEPT_MAX = 64 * 1024

/** Never rejects but when no connection can be made. @param limitMs longest wait for an answer or an end */
export function deliver(
  port: number,
  { pieces, manner, silenceMs }: Delivery,
  limitMs: number,
): Promise<Reply> {
  return new Promise((done, fail) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let heard = ''
    let connected = false
    let quiet: NodeJS.Timeout | undefined
    const settle = (closed: boolean): void => {
      clearTimeout(quiet)
      clearTimeout(limit)
      // A reset leaves nothing behind, where a hundred thousand orderly ends would use up the ports.
      socket.resetAndDestroy()
      const statuses = statusesIn(heard)
      done({ statuses, ended: closed || statuses.length > 0 })
    }
    const limit = setTimeout(() => settle(false), limitMs)
    const listen = (ms: number, then: () => void): void => {
      clearTimeout(quiet)
      quiet = setTimeout(then, ms)
    }
    socket.on('connect', () => {
      connected = true
      void (async () => {
        for (const piece of pieces) if (socket.writable) await written(socket, piece)
        if (manner === 'leave') settle(true)
        else if (manner === 'listen' && heard === '') listen(silenceMs, () => socket.end())
      })()
    })
    socket.on('data', (chunk) => {
      if (heard.length < KEPT_MAX) heard += chunk.toString('latin1')
      listen(QUIET_MS, () => settle(false))
    })
    socket.on('end', () => settle(true))
    socket.on('close', () => settle(true))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Somebody who is there may hang up before we know that we are through.
      if (connected || error.code === 'ECONNRESET') return settle(true)
      clearTimeout(limit)
      fail(error)
    })
  })
}

function written(socket: ReturnType<typeof connect>, piece: Buffer): Promise<void> {
  // Whether it worked shows in what comes back.
  return new Promise((done) => socket.write(piece, () => done()))
}

/** No answer of ours repeats what was sent, so a status line is one. */
function statusesIn(heard: string): number[] {
  return [...heard.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map((match) => Number(match[1]))
}
