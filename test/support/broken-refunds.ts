/** Guards of the refund path taken out on purpose: what the controls of the refund tests run against. */
import { randomUUID } from 'node:crypto'
import type { JuspayClient } from '../../server/juspay/client.ts'
import type { Database } from '../../server/store/database.ts'
import type { Sql, Statement } from '../../server/store/sql.ts'

const LOCK = /for (?:no key )?update(?: of \w+)?(?: skip locked)?/g
const ONE_GESTURE = 'on conflict (merchant_account_id, client_key) do nothing'

/** The totals of days make whoever asks wait for each other: a second wall, which stands in the way of the first one's control. */
const COUNTING: readonly (readonly [table: string, trigger: string])[] = [
  ['refund_request', 'refund_requests_made_counted'],
  ['refund_request', 'refund_requests_changed_counted'],
  ['refund', 'refunds_sent_counted'],
]

/** Every transaction without row locks, and no unique key on a gesture: check, then insert (hyperswitch #13182). */
export async function removeLocks(database: Database): Promise<void> {
  for (const [table, trigger] of COUNTING)
    await database.pool.query(`alter table ${table} disable trigger ${trigger}`)
  await database.pool.query('drop index if exists refund_request_merchant_account_id_client_key_key')
  const locking = { ...database }
  database.transaction = (work) => locking.transaction((sql) => work(unlocked(sql)))
}

/** A table that takes any amount (hyperswitch #11491). */
export async function removeAmountChecks(database: Database): Promise<void> {
  await database.pool.query('alter table refund_request drop constraint refund_request_amount_check')
}

function unlocked(sql: Sql): Sql {
  const without = (text: string): string => text.replace(LOCK, '').replace(ONE_GESTURE, '')
  const changed = (statement: Statement): Statement =>
    typeof statement === 'string'
      ? without(statement)
      : { name: `${statement.name}_unlocked`, text: without(statement.text) }
  return {
    rows: (shape, statement, values) => sql.rows(shape, changed(statement), values),
    first: (shape, statement, values) => sql.first(shape, changed(statement), values),
    run: (statement, values) => sql.run(changed(statement), values),
  }
}

/** A client whose every refund call carries a key that nobody has written down (medusa #16681). */
export function withNewKeys(client: JuspayClient): JuspayClient {
  return {
    ...client,
    refund: (call) =>
      client.refund({ ...call, uniqueRequestId: randomUUID().replaceAll('-', '').slice(0, 20) }),
  }
}
