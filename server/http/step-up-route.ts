import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AuthRoutesOptions } from './sign-in-audit.ts'
import { sendProblem } from './problem.ts'
import { letTry } from './proof-try.ts'
import { visitOf } from './visit.ts'

const BODY_MAX = 8 * 1024

const proof = z.union([
  z.strictObject({ password: z.string().min(1).max(128) }),
  z.strictObject({ code: z.string().trim().min(6).max(40) }),
])

/** Proves again who is signed in; the answer carries the cookie of a new session. */
export function stepUpRoute(app: FastifyInstance, options: AuthRoutesOptions): void {
  const { deps, auth, metrics } = options
  app.post('/api/auth/step-up', { bodyLimit: BODY_MAX }, async (request, reply) => {
    const parsed = proof.safeParse(request.body)
    if (!parsed.success)
      return sendProblem(request, reply, 400, 'invalid_input', 'Enter your password or code.')
    const visit = visitOf(request)
    const person = await auth.actorOf(visit)
    if (person === null)
      return sendProblem(request, reply, 401, 'not_signed_in', 'You were signed out. Sign in to continue.')
    const attempt = await letTry(options, { request, reply, email: person.email, ip: visit.ip })
    if (attempt === null) return reply
    const result = await auth.stepUp(person, parsed.data, visit)
    metrics.signIns.inc({ result: result.ok ? 'stepped_up' : 'step_up_refused' })
    await deps.store.audit.append({
      actor: person,
      action: 'session.step_up',
      subjectKind: 'staff_address',
      subjectId: person.email,
      outcome: result.ok ? 'done' : 'refused',
      reason: result.ok ? null : result.cause,
    })
    if (!result.ok) {
      if (result.cause === 'code_wanted')
        return sendProblem(request, reply, 401, 'code_wanted', 'Confirm with a code of your app.')
      const text =
        'code' in parsed.data ? 'The code is not right, or was used before.' : 'The password is not right.'
      return sendProblem(request, reply, 401, 'wrong_details', text)
    }
    await attempt.succeeded()
    return reply
      .header('set-cookie', result.cookies)
      .header('cache-control', 'no-store')
      .send({ steppedUp: true })
  })
}
