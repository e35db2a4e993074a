/**
 * The control of the feed battery: Paydesk whose cursor is the number of a row alone, as it is done so often. A row that
 * commits after one with a higher number is never told.
 */
import { z } from 'zod'
import { createPaydesk } from '../../server/compose.ts'
import { assert } from '../../server/domain/assert.ts'
import { readProcessEnv } from '../../server/env.ts'
import { createLog } from '../../server/log.ts'

const env = readProcessEnv('serve')
assert(env.databaseUrl !== null, 'production mode demands a database')
const paydesk = await createPaydesk({
  env,
  databaseUrl: env.databaseUrl,
  log: createLog(env.logLevel),
  sandbox: null,
  demo: null,
})
const { sql } = paydesk.database
const { liveChanges } = paydesk.deps.store
const row = z.object({ seq: z.bigint(), id: z.string(), at: z.date() })
liveChanges.readFeed = async (accountId, cursor, limit) => {
  const rows = await sql.rows(
    row,
    `select seq, id, received_at as at from webhook_event where merchant_account_id = $1 and seq > $2::bigint
     order by seq limit $3`,
    [accountId, cursor.split(':')[1] ?? '0', limit],
  )
  return rows.map(({ seq, id, at }) => ({ kind: 'event', cursor: `0:${seq}`, eventId: id, at }))
}
liveChanges.currentCursor = async () => {
  const last = await sql.first(
    z.object({ seq: z.bigint() }),
    'select coalesce(max(seq), 0) as seq from webhook_event',
  )
  return `0:${last?.seq ?? 0n}`
}
await paydesk.listen(env.host, env.port)
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
  process.on(signal, () => void paydesk.close().then(() => process.exit(0)))
