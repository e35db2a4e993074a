import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { bodyOf } from './bodies.ts'

/** A control call that cannot be done; the message is for the person who made it. */
export class ControlError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The JSON body checked against a schema; a clear 400 otherwise. */
export function checked<T extends z.ZodType>(schema: T, request: FastifyRequest): z.output<T> {
  const { raw } = bodyOf(request.body)
  let parsed: unknown
  try {
    parsed = raw.trim() === '' ? {} : JSON.parse(raw)
  } catch {
    throw new ControlError(400, 'The body is not valid JSON.')
  }
  const result = schema.safeParse(parsed)
  if (result.success) return result.data
  const reasons = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw new ControlError(400, reasons.join('; '))
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname)
}

/** A page of another site must not be able to drive the sandbox through somebody's browser. */
export function refuseForeignOrigin(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { origin } = request.headers
  if (origin !== undefined && !isLoopback(origin)) {
    void reply.code(403).send({ error: 'Only pages served from this machine may use /control.' })
    return
  }
  done()
}

/** Registers one control route; answers JSON, errors as `{ error }`. */
export function controlRoute(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  handle: (request: FastifyRequest) => unknown,
): void {
  app.route({
    method,
    url,
    onRequest: refuseForeignOrigin,
    handler: async (request, reply) => {
      try {
        return await reply.send(await handle(request))
      } catch (error) {
        if (error instanceof ControlError) return reply.code(error.status).send({ error: error.message })
        throw error
      }
    },
  })
}

export function pathParam(request: FastifyRequest, name: string): string {
  const params = request.params
  const found =
    typeof params === 'object' && params !== null
      ? Object.entries(params).find(([key]) => key === name)
      : null
  return String(found?.[1] ?? '')
}

export function queryParam(request: FastifyRequest, name: string): string | undefined {
  const query = request.query
  const found =
    typeof query === 'object' && query !== null ? Object.entries(query).find(([key]) => key === name) : null
  return typeof found?.[1] === 'string' ? found[1] : undefined
}
