import { Socket } from 'node:net'

/**
 * A socket to PostgreSQL for pg's `stream` option. Bytes that are no message of PostgreSQL's protocol make the driver
 * throw where it reads them, inside the socket's own event: nobody could catch that, and the process would end. Here
 * they end the connection, so that the statement on it fails and the pool opens another one.
 */
export function databaseSocket(): Socket {
  return new GuardedSocket()
}

/** The same for connections that carry many statements at once: those of one turn leave in one write. */
export function gatheringSocket(): Socket {
  return new GatheringSocket()
}

class GuardedSocket extends Socket {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    try {
      return super.emit(event, ...values)
    } catch (error) {
      if (event !== 'data') throw error
      this.destroy(error instanceof Error ? error : new Error('unreadable bytes from PostgreSQL'))
      return true
    }
  }
}

/** Node ignores an uncork while another cork is in place: the last of a turn sends all. */
class GatheringSocket extends GuardedSocket {
  override uncork(): void {
    process.nextTick(() => super.uncork())
  }
}
