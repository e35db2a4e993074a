import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sendProblem } from './problem.ts'
import { letTry } from './proof-try.ts'
import { isFromOwnPage } from './same-origin.ts'
import { secondStepRoute } from './second-step-route.ts'
import { auditSignIn, auditSignInFailure, type AuthRoutesOptions } from './sign-in-audit.ts'
import { stepUpRoute } from './step-up-route.ts'
import { visitOf } from './visit.ts'

const BODY_MAX = 8 * 1024

const credentials = z.object({
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(128),
})

const WRONG_DETAILS = 'Email or password is not right.'
const SWITCHED_OFF = 'Your access is switched off. Ask an admin.'

/**
 * Sign-in, step-up and sign-out. None of the library's other routes exists here: sign-up, password reset and the rest
 * are not reachable at all. Every attempt is audited before it is answered.
 */
export function authRoutes(app: FastifyInstance, options: AuthRoutesOptions): void {
  const { deps, auth, own, metrics } = options

  app.addHook('onRequest', async (request, reply) => {
    if (isFromOwnPage(request.headers, own)) return
    await sendProblem(request, reply, 403, 'other_origin', 'This must come from Paydesk itself.')
  })

  app.post('/api/auth/sign-in/email', { bodyLimit: BODY_MAX }, async (request, reply) => {
    const parsed = credentials.safeParse(request.body)
    if (!parsed.success)
      return sendProblem(request, reply, 400, 'invalid_input', 'Enter your email and your password.')
    const email = parsed.data.email.toLowerCase()
    const visit = visitOf(request)
    const attempt = await letTry(options, { request, reply, email, ip: visit.ip })
    if (attempt === null) return reply
    const result = await auth.signIn(email, parsed.data.password, visit)
    metrics.signIns.inc({ result: result.ok ? 'ok' : result.cause })
    if (!result.ok && result.cause === 'second_step') {
      await attempt.succeeded()
      return reply
        .header('set-cookie', result.cookies)
        .header('cache-control', 'no-store')
        .send({ secondStep: true })
    }
    if (!result.ok) {
      await auditSignInFailure(deps, request, email, result.cause)
      const disabled = result.cause === 'disabled'
      return sendProblem(
        request,
        reply,
        disabled ? 403 : 401,
        disabled ? 'access_off' : 'wrong_details',
        disabled ? SWITCHED_OFF : WRONG_DETAILS,
      )
    }
    await attempt.succeeded()
    await auditSignIn(deps, request, result, 'password')
    return reply
      .header('set-cookie', result.cookies)
      .header('cache-control', 'no-store')
      .send({ user: { id: result.userId, name: result.name, email: result.email } })
  })

  secondStepRoute(app, options)
  stepUpRoute(app, options)

  app.post('/api/auth/sign-out', { bodyLimit: BODY_MAX }, async (request, reply) => {
    const visit = visitOf(request)
    const actor = await auth.actorOf(visit, { passive: true })
    const { cookies } = await auth.signOut(visit)
    if (actor) {
      await deps.store.audit.append({
        actor,
        action: 'session.sign_out',
        subjectKind: 'staff_address',
        subjectId: actor.email,
        outcome: 'done',
      })
    }
    return reply.header('set-cookie', cookies).header('cache-control', 'no-store').send({ signedOut: true })
  })
}
