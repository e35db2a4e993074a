/** The refund services in this process on a database of a battery's own, with a sandbox that tells webhooks. */
import { connect } from '../../server/store/database.ts'
import { openRefundWorld, type RefundWorld } from '../support/refund-fixtures.ts'
import { bookViolations, ledgerViolations, ownViolations } from '../support/refund-invariants.ts'
import { note, type Violation } from './violations.ts'
import type { Ground } from './world.ts'

/** On a busy machine a call to the sandbox may take long without being lost. */
const CALL_MS = 10_000

/** Opens a world; its database goes with it. */
export async function openServices(ground: Ground): Promise<RefundWorld> {
  const made = await ground.newDatabase()
  const database = connect(made.url)
  const opened = {
    database,
    async close() {
      await database.close()
      await made.close()
    },
  }
  return openRefundWorld({ webhooks: true, opened, callMs: CALL_MS })
}

/** Judges all books and the whole ledger of a world. @param strangers keys of refunds made in the portal */
export async function judgeWorld(
  world: RefundWorld,
  violations: Violation[],
  keys: { strangers?: ReadonlySet<string>; claimed?: ReadonlySet<string> } = {},
): Promise<number> {
  const { pool } = world.deps.database
  const ledger = world.acceptedAll()
  const found = [
    ...(await bookViolations(pool)),
    ...(await ownViolations(pool, world.deps.store)),
    ...(await ledgerViolations(pool, ledger, keys)),
  ]
  for (const { rule, detail } of found) note(violations, rule, detail)
  return ledger.length
}
