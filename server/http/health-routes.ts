import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Metrics } from '../metrics.ts'
import { sendProblem } from './problem.ts'

/** Whether the database answers and is migrated; otherwise the reason in words. */
export type Readiness = { ready: true } | { ready: false; reason: string }

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/** `/healthz`, `/readyz` and `/metrics`: for supervisors and Prometheus, without a session. */
export function healthRoutes(
  app: FastifyInstance,
  options: {
    readiness: () => Promise<Readiness>
    metrics: Metrics
    metricsToken: string | null
    /** Whether a caller on this machine needs no token; only in the demo. */
    loopbackMayRead: boolean
  },
): void {
  const { readiness, metrics, metricsToken, loopbackMayRead } = options

  app.get('/healthz', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'alive' }),
  )

  app.get('/readyz', async (_request, reply) => {
    const state = await readiness()
    reply.header('cache-control', 'no-store').code(state.ready ? 200 : 503)
    return state.ready ? { status: 'ready' } : { status: 'not_ready', reason: state.reason }
  })

  app.get('/metrics', async (request, reply) => {
    const allowed =
      metricsToken === null
        ? loopbackMayRead && LOOPBACK.has(request.ip)
        : carriesToken(request, metricsToken)
    if (!allowed)
      return sendProblem(request, reply, 401, 'not_allowed', 'Send the metrics token as a bearer token.')
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

function carriesToken(request: FastifyRequest, token: string): boolean {
  const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token))
}

/** Equal lengths, so that the comparison takes the same time for every guess. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
