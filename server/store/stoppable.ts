import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'
import type { Send } from './sql.ts'

const wanted = new AsyncLocalStorage<AbortSignal>()

/**
 * Runs `work` for somebody who may leave before it is done. Its searches end when `gone` aborts: otherwise what nobody
 * waits for any more would go on to hold one of the few connections that others wait for.
 */
export function whileWanted<T>(gone: AbortSignal, work: () => Promise<T>): Promise<T> {
  return wanted.run(gone, work)
}

/**
 * Sends statements through `pool`, and stops those that are not wanted any more.
 * @param others connections that need not wait for those of `pool`, to stop a statement from
 */
export function stoppable(pool: pg.Pool, others: pg.Pool): Send {
  return async (statement) => {
    const gone = wanted.getStore()
    if (gone === undefined) return pool.query(statement)
    gone.throwIfAborted()
    const client = await pool.connect()
    let stopping = Promise.resolve()
    const stop = () => {
      stopping = cancel(client, others)
    }
    let broken: unknown
    try {
      gone.throwIfAborted()
      gone.addEventListener('abort', stop, { once: true })
      return await client.query(statement)
    } catch (error) {
      broken = error
      throw error
    } finally {
      gone.removeEventListener('abort', stop)
      // Or the next statement on this connection could be the one that is stopped.
      await stopping
      // After a failure the pool opens another one, as it does by itself.
      client.release(broken instanceof Error)
    }
  }
}

/** Never rejects: a statement that cannot be stopped ends with its time. */
async function cancel(client: pg.PoolClient & { processID?: unknown }, others: pg.Pool): Promise<void> {
  try {
    await others.query('select pg_cancel_backend($1)', [client.processID])
  } catch {
    // No connection was free.
  }
}
