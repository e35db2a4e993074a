import { fromNodeHeaders } from 'better-auth/node'
import type { FastifyRequest } from 'fastify'
import type { Visit } from '../auth/staff-auth.ts'

const USER_AGENT_MAX = 300

/** Who is calling, as far as HTTP says; `ip` follows TRUST_PROXY and cannot be chosen by the caller. */
export function visitOf(request: FastifyRequest): Visit & { userAgent: string | null } {
  return {
    headers: fromNodeHeaders(request.headers),
    requestId: request.id,
    ip: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, USER_AGENT_MAX) ?? null,
  }
}
