/** What routes that take or give files have in common. */
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StaffAuth, StaffPresence } from '../auth/staff-auth.ts'
import { deniedReason, roleCan, type Permission, type Role } from '../domain/permission.ts'
import { Refusal } from '../domain/refusal.ts'
import type { AppDeps } from '../services/deps.ts'
import { ACCESS_PERIOD_MS } from '../trpc/live-access.ts'
import { visitOf } from './visit.ts'

/**
 * The signed-in person, whose role carries `permission`; that it does not is written down.
 * @throws Refusal not_signed_in, permission_denied
 */
export async function demandPerson(
  { deps, auth }: { deps: AppDeps; auth: StaffAuth },
  request: FastifyRequest,
  permission: Permission,
): Promise<StaffPresence> {
  const actor = await auth.actorOf(visitOf(request))
  if (actor === null) throw new Refusal('not_signed_in', 'Sign in to continue.')
  if (roleCan(actor.role, permission)) return actor
  const reason = deniedReason(actor.role, permission)
  await deps.store.audit.append({
    actor,
    action: request.method === 'GET' ? 'download' : 'upload',
    subjectKind: 'route',
    subjectId: request.routeOptions.url ?? null,
    outcome: 'refused',
    reason: `permission_denied: ${reason}`,
  })
  throw new Refusal('permission_denied', reason)
}

/** Who lets people in, and who they are. */
type Gate = { deps: Pick<AppDeps, 'store'>; auth: Pick<StaffAuth, 'actorSince'> }

/**
 * A file piece by piece for as long as its person is signed in and one of the account whose role carries the permissions:
 * a long one is on its way for minutes, and whoever signs out or is shut out meanwhile gets no more of it than a live feed
 * would give them. To look at another account takes nothing away.
 * @throws Refusal not_signed_in or permission_denied, which breaks the download off
 */
export async function* whileAllowed<T>(
  gate: Gate,
  person: StaffPresence,
  { pieces, permissions }: { pieces: AsyncIterable<T> | Iterable<T>; permissions: readonly Permission[] },
  clockMs: () => number = () => performance.now(),
): AsyncGenerator<T, void, void> {
  let lookedAt = clockMs()
  for await (const piece of pieces) {
    if (clockMs() - lookedAt >= ACCESS_PERIOD_MS) {
      lookedAt = clockMs()
      const role = await roleNow(gate, person)
      if (role === null || !permissions.every((one) => roleCan(role, one)))
        throw new Refusal('permission_denied', 'You may not have this file any more.')
    }
    yield piece
  }
}

/** The role that somebody who began a call has by now on the account of that call; null for none. */
async function roleNow({ deps, auth }: Gate, person: StaffPresence): Promise<Role | null> {
  const now = await auth.actorSince(person)
  if (now === null) throw new Refusal('not_signed_in', 'You were signed out.')
  if (now.accountId === person.accountId) return now.role
  const member = await deps.store.staff.member(person.accountId, person.userId)
  return member?.role ?? null
}

/** Media types of tables. */
export const TABLE_TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/** Answers with a file to be saved. */
export function sendFile(reply: FastifyReply, stream: Readable, type: string, name: string): FastifyReply {
  return reply
    .type(`${type}; charset=utf-8`)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(stream)
}
