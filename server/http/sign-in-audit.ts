import type { FastifyRequest } from 'fastify'
import type { StaffAuth } from '../auth/staff-auth.ts'
import type { Metrics } from '../metrics.ts'
import type { AppDeps } from '../services/deps.ts'
import type { OwnOrigin } from './same-origin.ts'

/** What the routes of sign-in, second step and step-up work with. */
export type AuthRoutesOptions = { deps: AppDeps; auth: StaffAuth; own: OwnOrigin; metrics: Metrics }

/** One sign-in that was not let through. */
export async function auditSignInFailure(
  deps: AppDeps,
  request: FastifyRequest,
  email: string,
  cause: string,
): Promise<void> {
  const accountId = await deps.store.staff.accountOfAddress(email)
  await deps.store.audit.append({
    actor: { kind: 'anonymous', name: email, accountId, requestId: request.id, ip: request.ip },
    action: 'session.sign_in',
    subjectKind: 'staff_address',
    subjectId: email,
    outcome: 'refused',
    reason: cause,
  })
}

/** One sign-in that ended well, and what the last proof was. */
export async function auditSignIn(
  deps: AppDeps,
  request: FastifyRequest,
  person: { userId: string; name: string; email: string },
  by: 'password' | 'app' | 'recovery',
): Promise<void> {
  const membership = await deps.store.staff.membershipOf(person.userId)
  if (!membership) throw new Error('a person without an account was let in')
  await deps.store.audit.append({
    actor: {
      kind: 'user',
      userId: person.userId,
      name: person.name,
      email: person.email,
      ...membership,
      requestId: request.id,
      ip: request.ip,
    },
    action: 'session.sign_in',
    subjectKind: 'staff_address',
    subjectId: person.email,
    outcome: 'done',
    after: { by },
  })
}
