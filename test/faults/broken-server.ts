/**
 * The control of the batteries: Paydesk with one thing broken, as the first argument says. `hasty` answers 200 for a
 * webhook a moment before it stores it, as a receiver with a queue in memory does; `picky` drops what it cannot parse;
 * `trusting` takes everybody for Juspay.
 */
import { createPaydesk } from '../../server/compose.ts'
import { readProcessEnv } from '../../server/env.ts'
import { createLog } from '../../server/log.ts'
import { assert } from '../../server/domain/assert.ts'
import { eventIdOf, type NewDelivery, type StoredDelivery } from '../../server/store/webhook-intake.ts'
import { WEBHOOK_PASSWORD } from '../support/factories.ts'

/** How far the answer is ahead of the truth. */
const EARLY_MS = 40

const env = readProcessEnv('serve')
assert(env.databaseUrl !== null, 'production mode demands a database')
const paydesk = await createPaydesk({
  env,
  databaseUrl: env.databaseUrl,
  log: createLog(env.logLevel),
  sandbox: null,
  demo: null,
})
const { intake } = paydesk.deps.store
const storeMany = intake.storeMany.bind(intake)
const answersOf = (deliveries: readonly NewDelivery[]): StoredDelivery[] =>
  deliveries.map((one) => ({ eventId: eventIdOf(one), deliveryCount: 1 }))

const ways: Readonly<Record<string, typeof storeMany>> = {
  hasty(deliveries) {
    // Whatever becomes of it: the answer has been given.
    setTimeout(() => void storeMany(deliveries).catch(() => undefined), EARLY_MS)
    return Promise.resolve(answersOf(deliveries))
  },
  async picky(deliveries) {
    const readable = deliveries.filter(({ body }) => isJson(Buffer.from(body).toString('utf8')))
    if (readable.length > 0) await storeMany(readable)
    return answersOf(deliveries)
  },
  trusting: storeMany,
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const way = ways[process.argv[2] ?? '']
assert(way !== undefined, 'the first argument says what is broken')
intake.storeMany = way
if (process.argv[2] === 'trusting')
  paydesk.app.server.prependListener('request', ({ headers }) => {
    headers.authorization = `Basic ${Buffer.from(`hook:${WEBHOOK_PASSWORD}`).toString('base64')}`
  })
await paydesk.listen(env.host, env.port)
paydesk.work()
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
  process.on(signal, () => void paydesk.close().then(() => process.exit(0)))
