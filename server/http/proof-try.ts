import type { FastifyReply, FastifyRequest } from 'fastify'
import { beginTry, PAUSE_MINUTES, type AllowedTry } from '../auth/sign-in-limit.ts'
import type { Metrics } from '../metrics.ts'
import type { AppDeps } from '../services/deps.ts'
import { sendProblem } from './problem.ts'

/**
 * Counts a try of a password or a code before anybody looks at it. When there were too many it answers 429 itself and
 * returns null.
 */
export async function letTry(
  { deps, metrics }: { deps: AppDeps; metrics: Metrics },
  attempt: { request: FastifyRequest; reply: FastifyReply; email: string; ip: string | null },
): Promise<AllowedTry | null> {
  const { request, reply, email, ip } = attempt
  const allowed = await beginTry(deps.store, { email, ip, now: deps.clock.now() })
  if (allowed !== null) return allowed
  metrics.signIns.inc({ result: 'paused' })
  const seconds = String(PAUSE_MINUTES * 60)
  reply.header('retry-after', seconds).header('x-retry-after', seconds)
  const message = `Too many tries. Try again in ${PAUSE_MINUTES} minutes, or ask an admin.`
  sendProblem(request, reply, 429, 'rate_limited', message)
  return null
}
