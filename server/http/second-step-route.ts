import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { auditSignIn, auditSignInFailure, type AuthRoutesOptions } from './sign-in-audit.ts'
import { sendProblem } from './problem.ts'
import { letTry } from './proof-try.ts'
import { visitOf } from './visit.ts'

const BODY_MAX = 8 * 1024

const body = z.strictObject({ code: z.string().trim().min(6).max(40) })

/** The second step of a sign-in: a code of the app, or a recovery code. */
export function secondStepRoute(app: FastifyInstance, options: AuthRoutesOptions): void {
  const { deps, auth, metrics } = options
  app.post('/api/auth/sign-in/code', { bodyLimit: BODY_MAX }, async (request, reply) => {
    const parsed = body.safeParse(request.body)
    if (!parsed.success) return sendProblem(request, reply, 400, 'invalid_input', 'Enter the 6-digit code.')
    const visit = visitOf(request)
    const waiting = await auth.secondStepOf(visit)
    if (waiting === null)
      return sendProblem(request, reply, 401, 'sign_in_again', 'This took too long. Sign in again.')
    const attempt = await letTry(options, { request, reply, email: waiting.email, ip: visit.ip })
    if (attempt === null) return reply
    const result = await auth.finishSignIn(waiting, parsed.data.code, visit)
    metrics.signIns.inc({ result: result.ok ? 'ok' : result.cause })
    if (!result.ok) {
      await auditSignInFailure(deps, request, waiting.email, result.cause)
      if (result.cause === 'disabled')
        return sendProblem(request, reply, 403, 'access_off', 'Your access is switched off. Ask an admin.')
      return sendProblem(request, reply, 401, 'wrong_details', 'The code is not right, or was used before.')
    }
    await attempt.succeeded()
    await auditSignIn(deps, request, result, result.with)
    return reply
      .header('set-cookie', result.cookies)
      .header('cache-control', 'no-store')
      .send({ user: { id: result.userId, name: result.name, email: result.email } })
  })
}
