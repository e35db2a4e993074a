/** What routes that take or give files have in common. */
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StaffAuth } from '../auth/staff-auth.ts'
import type { StaffActor } from '../domain/actor.ts'
import { deniedReason, roleCan, type Permission } from '../domain/permission.ts'
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
): Promise<StaffActor> {
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

/**
 * A file piece by piece for as long as its person is one of the account whose role carries the permissions: a long one
 * is on its way for minutes, and whoever is shut out meanwhile gets no more of it than a live feed would give them.
 * @throws Refusal permission_denied, which breaks the download off
 */
export async function* whileAllowed<T>(
  { store }: Pick<AppDeps, 'store'>,
  { accountId, userId }: Pick<StaffActor, 'accountId' | 'userId'>,
  { pieces, permissions }: { pieces: AsyncIterable<T> | Iterable<T>; permissions: readonly Permission[] },
  clockMs: () => number = () => performance.now(),
): AsyncGenerator<T, void, void> {
  let lookedAt = clockMs()
  for await (const piece of pieces) {
    if (clockMs() - lookedAt >= ACCESS_PERIOD_MS) {
      lookedAt = clockMs()
      const member = await store.staff.member(accountId, userId)
      const may = member !== null && !member.disabled && permissions.every((one) => roleCan(member.role, one))
      if (!may) throw new Refusal('permission_denied', 'You may not have this file any more.')
    }
    yield piece
  }
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
