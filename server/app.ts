/** The HTTP surface: what the outside may ask, each group of routes in a scope of its own. */
import { randomUUID } from 'node:crypto'
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
} from 'fastify'
import type { Logger } from 'pino'
import type { Env } from './env.ts'
import { authRoutes } from './http/auth-routes.ts'
import { bulkRoutes } from './http/bulk-routes.ts'
import { clientFiles } from './http/client-files.ts'
import { downloadRoutes } from './http/download-routes.ts'
import { exportRoutes } from './http/export-routes.ts'
import { healthRoutes, type Readiness } from './http/health-routes.ts'
import { answerError } from './http/problem.ts'
import { returnRoutes } from './http/return-routes.ts'
import type { OwnOrigin } from './http/same-origin.ts'
import { sdkRoutes } from './http/sdk-routes.ts'
import { securityHeaders } from './http/security-headers.ts'
import { trpcRoutes } from './http/trpc-routes.ts'
import type { Metrics } from './metrics.ts'
import type { Surroundings } from './trpc/context.ts'

/** A request that is not complete after this long is dropped: slow bodies must not hold connections. */
const REQUEST_TIMEOUT_MS = 15_000
const HEADERS_TIMEOUT_MS = 10_000
/** A connection on which nothing at all happens; live feeds ping every ten seconds. */
const CONNECTION_TIMEOUT_MS = 60_000
const BODY_MAX = 64 * 1024
/** A batch of ten names its procedures in the address. */
const PATH_PARAMETER_MAX = 2_000

export type AppOptions = Surroundings & {
  env: Pick<Env, 'mode' | 'publicUrl' | 'trustProxy' | 'metricsToken'>
  log: Logger
  metrics: Metrics
  /** The receiver, which brings its own parser and error answers. */
  webhooks: FastifyPluginAsync
  readiness: () => Promise<Readiness>
  /** Directory of the built dashboard; it may appear later. */
  clientRoot: string
}

/** Builds the application without listening. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { env, deps, metrics } = options
  const logger: FastifyBaseLogger = options.log
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Few requests have anything written about them, and a logger of its own for each costs as much as its routing.
    childLoggerFactory: (whole) => whole,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: trustOf(env.trustProxy),
    bodyLimit: BODY_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: PATH_PARAMETER_MAX },
    forceCloseConnections: 'idle',
    // Addresses that cannot be decoded never reach a route.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  })
  const https = env.publicUrl.startsWith('https://')
  const { sandboxUrl, hyperSdkUrl } = deps.facts
  securityHeaders(app, {
    https,
    paymentOrigins: [...sandboxOrigins(sandboxUrl), ...sdkOrigins(hyperSdkUrl)],
  })
  app.setErrorHandler(answerError)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`
    const route = request.routeOptions.url ?? 'page'
    metrics.httpSeconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000)
  })

  const own: OwnOrigin = { publicUrl: env.publicUrl, alsoLoopback: env.mode === 'demo' }
  healthRoutes(app, {
    readiness: options.readiness,
    metrics,
    metricsToken: env.metricsToken,
    loopbackMayRead: env.mode === 'demo',
  })
  await app.register(options.webhooks)
  await app.register(async (scope) => sdkRoutes(scope, { deps }))
  await app.register(async (scope) => returnRoutes(scope, { deps }))
  await app.register(async (scope) => authRoutes(scope, { deps, auth: options.auth, own, metrics }))
  await app.register(async (scope) => trpcRoutes(scope, { ...options, own }))
  await app.register(async (scope) => downloadRoutes(scope, { deps, auth: options.auth }))
  await app.register(async (scope) => exportRoutes(scope, { deps, auth: options.auth }))
  await app.register(async (scope) => bulkRoutes(scope, { deps, auth: options.auth, own }))
  await clientFiles(app, options.clientRoot)
  return app
}

/** A number is how many proxies stand before us: the addresses they added are believed, no others. */
function trustOf(trust: Env['trustProxy']): boolean | string | ((address: string, hop: number) => boolean) {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : trust
}

/** Where a script of Juspay's comes from, and its own hosts, from which it fetches the rest and draws its page. */
function sdkOrigins(hyperSdkUrl: string | null): string[] {
  if (hyperSdkUrl === null) return []
  return [new URL(hyperSdkUrl).origin, 'https://*.juspay.in', 'https://*.juspay.io']
}

/** The sandbox under both names of this machine: the page may be open under either. */
function sandboxOrigins(sandboxUrl: string | null): string[] {
  if (sandboxUrl === null) return []
  const { port } = new URL(sandboxUrl)
  return [...new Set([new URL(sandboxUrl).origin, `http://localhost:${port}`, `http://127.0.0.1:${port}`])]
}
