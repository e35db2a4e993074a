/**
 * The control of the refund batteries: Paydesk with one guard of the refund path taken out, as the first argument says.
 * `unlocked` checks what is left without the order's lock and knows no gestures; `rekeying` makes a new key for each call.
 */
import { createPaydesk } from '../../server/compose.ts'
import { assert } from '../../server/domain/assert.ts'
import { readProcessEnv } from '../../server/env.ts'
import { createLog } from '../../server/log.ts'
import { removeLocks, withNewKeys } from '../support/broken-refunds.ts'

const env = readProcessEnv('serve')
assert(env.databaseUrl !== null, 'production mode demands a database')
const paydesk = await createPaydesk({
  env,
  databaseUrl: env.databaseUrl,
  log: createLog('silent'),
  sandbox: null,
  demo: null,
})
const ways: Readonly<Record<string, () => Promise<void>>> = {
  unlocked: () => removeLocks(paydesk.database),
  async rekeying() {
    const { deps } = paydesk
    const keeping = { ...deps }
    deps.juspay = async (accountId) => withNewKeys(await keeping.juspay(accountId))
  },
}
const way = ways[process.argv[2] ?? '']
assert(way !== undefined, 'the first argument says what is broken')
await way()
await paydesk.listen(env.host, env.port)
paydesk.work()
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
  process.on(signal, () => void paydesk.close().then(() => process.exit(0)))
