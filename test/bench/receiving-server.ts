/** Paydesk that receives and does nothing else: the jobs of other processes work off what it stores. */
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
await paydesk.listen(env.host, env.port)
for (const signal of ['SIGTERM', 'disconnect'] as const)
  process.on(signal, () => void paydesk.close().then(() => process.exit(0)))
