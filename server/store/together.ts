import type pg from 'pg'
import { sqlOf, type Send, type Sql } from './sql.ts'

/** Statements that travel together: what waits beyond them takes another connection. */
const TOGETHER_MAX = 16

type Waiting = {
  send: (client: pg.PoolClient) => ReturnType<Send>
  resolve: (result: Awaited<ReturnType<Send>>) => void
  reject: (error: unknown) => void
}

/**
 * Single reads that begin in the same turn of the event loop travel over one connection, one behind the other, and come
 * back together: a page that is made of a dozen small reads costs one round trip instead of a dozen. Each succeeds or
 * fails by itself. Only for reads that an index answers at once, since each waits for those before it.
 *
 * @param pool of connections that pipeline
 */
export function togetherSql(pool: pg.Pool): Sql {
  let waiting: Waiting[] = []
  const depart = (): void => {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += TOGETHER_MAX) void sendAll(pool, all.slice(at, at + TOGETHER_MAX))
  }
  return sqlOf((statement) => {
    if (waiting.length === 0) setImmediate(depart)
    return new Promise((resolve, reject) => {
      waiting.push({ send: (client) => client.query(statement), resolve, reject })
    })
  })
}

/** Never rejects: whoever waits for a statement is told what became of it. */
async function sendAll(pool: pg.Pool, all: readonly Waiting[]): Promise<void> {
  let client: pg.PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    for (const { reject } of all) reject(error)
    return
  }
  // The pool looks by itself whether the connection is still good.
  await Promise.all(all.map(({ send, resolve, reject }) => send(client).then(resolve, reject)))
  client.release()
}
