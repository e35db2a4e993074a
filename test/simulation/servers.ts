/** Our servers in a run: each has its own connections and loops, dies and stalls by itself, and comes back. */
import type { Deps, Log } from '../../server/services/deps.ts'
import type { Host } from './scheduler.ts'

/** What a person's call to a server came to. `unknown`: the answer never came. */
export type CallOutcome<T> =
  { kind: 'done'; value: T } | { kind: 'failed'; error: unknown } | { kind: 'unknown' }

export type Server = {
  host: Host
  deps: Deps
  up: boolean
  /** Calls of people that are being answered. */
  calls: Set<() => void>
}

/** Calls a server as a browser does: the server may die meanwhile, and its answer may be lost. */
export function callServer<T>(
  server: Server,
  work: (deps: Deps) => Promise<T>,
  answerLost: boolean,
): Promise<CallOutcome<T>> {
  if (!server.up) return Promise.resolve({ kind: 'unknown' })
  return new Promise((resolve) => {
    const lost = (): void => resolve({ kind: 'unknown' })
    const over = (outcome: CallOutcome<T>): void => {
      server.calls.delete(lost)
      resolve(answerLost ? { kind: 'unknown' } : outcome)
    }
    server.calls.add(lost)
    work(server.deps).then(
      (value) => over({ kind: 'done', value }),
      (error: unknown) => over({ kind: 'failed', error }),
    )
  })
}

/** A log that only keeps what the product could not handle itself. */
export function watchfulLog(unhandled: (text: string) => void): Log {
  const quiet = (): void => undefined
  return {
    info: quiet,
    warn: quiet,
    error(fields, message) {
      if (message.endsWith(' failed')) unhandled(`${message}: ${String(fields['error'])}`)
    },
  }
}
