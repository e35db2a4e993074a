/** One direction of a proxied connection: pieces go through one after the other, however long each of them takes. */
import type { Socket } from 'node:net'

export type Lane = {
  /** Starts carrying what `source` sends. */
  from(source: Socket): void
  /** Passes bytes on; nothing happens when the other end is gone. */
  write(chunk: Buffer): void
  /** Resolves once everything taken so far has been dealt with. */
  empty(): Promise<void>
}

/** Held back at most, before the sender is told to wait. */
const HELD_MAX_BYTES = 4 * 1024 * 1024

/** @param carry deals with one piece, usually by writing it; the next piece waits until it is done */
export function createLane(target: Socket, carry: (chunk: Buffer) => Promise<void>): Lane {
  let tail: Promise<void> = Promise.resolve()
  let held = 0
  return {
    from(source) {
      source.on('data', (chunk: Buffer) => {
        held += chunk.length
        if (held > HELD_MAX_BYTES) source.pause()
        tail = tail
          .then(() => carry(chunk))
          .catch(() => void source.destroy())
          .finally(() => {
            held -= chunk.length
            if (source.isPaused() && held <= HELD_MAX_BYTES) source.resume()
          })
      })
      source.on('end', () => {
        tail = tail.then(() => void target.end())
      })
    },
    write(chunk) {
      if (target.writable && chunk.length > 0) target.write(chunk)
    },
    empty: () => tail,
  }
}
