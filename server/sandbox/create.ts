import { mkdirSync } from 'node:fs'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { registerApi } from './api.ts'
import { readBodies } from './bodies.ts'
import { createClock } from './clock.ts'
import type { SandboxClock } from './clock.ts'
import { createConfiguration } from './configuration.ts'
import type { Configuration } from './configuration.ts'
import type { Context, Logger } from './context.ts'
import { registerControl } from './control.ts'
import { createCustomers } from './customers.ts'
import { openDatabase } from './database.ts'
import { createDeliveries } from './deliveries.ts'
import { createFaults } from './faults.ts'
import { scheduleHolds } from './holds.ts'
import { createSender } from './http-post.ts'
import { registerHyperScript } from './hyper-script.ts'
import { openLedger } from './ledger.ts'
import { registerPages } from './page.ts'
import { systemRandom } from './random.ts'
import { createRecords } from './records.ts'
import { scheduleRefunds } from './refunds.ts'
import { handleSteps } from './scenarios.ts'
import { createScheduler } from './scheduler.ts'
import { registerSdkInitiate } from './sdk-initiate.ts'
import { demoMerchant } from './settings.ts'
import type { Settings } from './settings.ts'
import { createTraffic } from './traffic.ts'
import type { Traffic } from './traffic.ts'
import { createWebhookPump } from './webhook-pump.ts'
import type { WebhookPump } from './webhook-pump.ts'

const SILENT: Logger = { info: () => undefined, error: () => undefined }

/** Jumps longer than this do not make traffic. */
const TRAFFIC_JUMP_MS = 10 * 60_000

const CLOCK_SAVE_MS = 5_000

export type SandboxOptions = {
  /** Directory of the database and the ledger; made when absent. */
  dir: string
  /** Where the demo merchant's events go; null sends none. */
  webhookUrl: string | null
  /** Default: real time, continuing where an earlier run of this directory stopped. */
  clock?: SandboxClock
  /** Virtual seconds per real second of the default clock. */
  timeFactor?: number
  /** Seed of the traffic. */
  seed?: number
  /** Orders a (virtual) minute; 0, the default, for none. */
  trafficPerMinute?: number
  /** Back-dated orders on a fresh directory; only with traffic. */
  fill?: boolean
  /** The demo merchant's return URL (the portal setting): for orders that bring none. */
  returnUrl?: string
  /** Real milliseconds in which an unreachable webhook target costs no attempts. Default 0. */
  patienceMs?: number
  settings?: Partial<Settings>
  logger?: Logger
}

/** The levers a test in the same process needs; everything else goes over HTTP. */
export type SandboxControl = {
  context: Context
  /** Resolves when every delivery that is due was attempted. */
  idle(): Promise<void>
  /** Moves virtual time forward; timers and deliveries happen at their own instants. */
  advance(milliseconds: number): Promise<void>
}

export type Sandbox = {
  app: FastifyInstance
  /** Listens on 127.0.0.1; port 0 picks a free one. Returns the address without a trailing slash. */
  listen(port: number): Promise<string>
  close(): Promise<void>
  control: SandboxControl
}

function defaultClock(configuration: Configuration, factor: number): SandboxClock {
  const offset = Number(configuration.meta('clock_offset') ?? 0)
  return createClock(Date.now() + Math.max(0, offset), factor)
}

/** Walks virtual time to `target`, stopping at every timer and delivery on the way. */
async function walk(context: Context, pump: WebhookPump, target: number): Promise<void> {
  const { clock, deliveries, scheduler } = context
  for (;;) {
    scheduler.runDue()
    await pump.idle()
    const candidates = [scheduler.nextDue(), deliveries.nextDue()].filter((at) => at !== null)
    const next = candidates.length === 0 ? null : Math.min(...candidates)
    if (next === null || next > target) break
    if (next <= clock.now()) break // due but held back (patience): it does not wait for virtual time
    clock.jumpTo(next)
  }
  clock.jumpTo(target)
  scheduler.runDue()
  await pump.idle()
}

function buildApp(
  context: Context,
  pump: WebhookPump,
  traffic: Traffic,
  advance: SandboxControl['advance'],
): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 1_048_576, return503OnClosing: false })
  readBodies(app)
  app.get('/healthz', () => ({ status: 'ok' }))
  const flushWebhooks = async () => {
    context.scheduler.runDue()
    await pump.idle()
  }
  registerApi(app, { context, flushWebhooks })
  registerPages(app, context)
  registerHyperScript(app)
  registerSdkInitiate(app, context.configuration)
  registerControl(app, { context, traffic, advance })
  app.setErrorHandler((error: { statusCode?: number; message?: string }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) context.logger.error(error)
    const message = status >= 500 ? 'Internal error' : (error.message ?? 'Bad request')
    void reply.code(status).send({ status: 'Bad Request', error_code: 'bad_request', error_message: message })
  })
  return app
}

function buildContext(options: SandboxOptions): {
  context: Context
  setPump: (pump: WebhookPump) => void
  setUrl: (url: string) => void
} {
  mkdirSync(options.dir, { recursive: true })
  const logger = options.logger ?? SILENT
  const database = openDatabase(options.dir)
  const configuration = createConfiguration(database)
  if (options.settings) configuration.changeSettings(options.settings)
  const known = configuration.merchant('paydeskdemo')
  configuration.saveMerchant({
    ...(known ?? demoMerchant(options.webhookUrl)),
    webhookUrl: options.webhookUrl,
    returnUrl: options.returnUrl ?? known?.returnUrl ?? '',
  })
  const clock = options.clock ?? defaultClock(configuration, options.timeFactor ?? 1)
  let pump: WebhookPump | null = null
  let url = 'http://127.0.0.1:4010'
  const context: Context = {
    clock,
    database,
    configuration,
    logger,
    records: createRecords(database),
    customers: createCustomers(database),
    deliveries: createDeliveries(database),
    ledger: openLedger(options.dir),
    scheduler: createScheduler(database, clock, (error) => logger.error(error)),
    faults: createFaults(systemRandom),
    publicUrl: () => url,
    wakePump: () => setImmediate(() => pump?.kick()),
  }
  return {
    context,
    setPump: (made) => void (pump = made),
    setUrl: (address) => void (url = address),
  }
}

/** Puts the whole sandbox together; nothing runs until `listen`. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { context, setPump, setUrl } = buildContext(options)
  const { clock, configuration, deliveries, ledger, logger, scheduler } = context
  const onError = (error: unknown) => logger.error(error)
  const patienceMs = options.patienceMs ?? 0
  const pump = createWebhookPump({
    clock,
    configuration,
    deliveries,
    ledger,
    sender: createSender(),
    patienceMs,
    onError,
  })
  setPump(pump)
  scheduleRefunds(context)
  scheduleHolds(context)
  handleSteps(context)
  const traffic = createTraffic(context, {
    merchantId: 'paydeskdemo',
    seed: options.seed ?? 20_261,
    perMinute: options.trafficPerMinute ?? 0,
    fill: options.fill ?? false,
    returnUrl: options.returnUrl ?? '',
  })
  const advance = async (milliseconds: number) => {
    const isLong = milliseconds > TRAFFIC_JUMP_MS
    if (isLong) traffic.suspend()
    await walk(context, pump, clock.now() + milliseconds)
    if (isLong) traffic.resume()
    saveClock()
  }
  const saveClock = () => configuration.setMeta('clock_offset', String(Math.max(0, clock.now() - Date.now())))
  const app = buildApp(context, pump, traffic, advance)
  let saver: NodeJS.Timeout | null = null
  return {
    app,
    async listen(port) {
      const address = await app.listen({ host: '127.0.0.1', port })
      setUrl(address)
      traffic.start()
      scheduler.start()
      pump.start()
      saver = setInterval(saveClock, CLOCK_SAVE_MS)
      saver.unref()
      return address
    },
    async close() {
      if (saver) clearInterval(saver)
      scheduler.stop()
      await app.close()
      await pump.close()
      if (!options.clock) saveClock()
      ledger.close()
      context.database.close()
    },
    control: { context, idle: () => pump.idle(), advance },
  }
}
