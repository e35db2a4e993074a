/**
 * The procedure builders: who may call is decided here, once, before any code of a router runs. A refusal is audited
 * here too, so that no router can forget it.
 */
import { initTRPC } from '@trpc/server'
import type { StaffPresence } from '../auth/staff-auth.ts'
import { deniedReason, roleCan, type Permission } from '../domain/permission.ts'
import { Refusal, type RefusalCode } from '../domain/refusal.ts'
import { isStorable } from '../domain/storable-text.ts'
import { isSteppedUp, STEP_UP_MINUTES } from '../domain/step-up.ts'
import { isBusy } from '../store/database.ts'
import type { Context } from './context.ts'
import { busyError, codeOf, publicMessage, refusalError, refusalOf } from './errors.ts'
import { transformer } from './transformer.ts'

/** Who may call a procedure: anybody, anybody signed in, or those whose role carries the permission. */
export type Access = Permission | 'public' | 'session'

/**
 * What a procedure wants beyond the permission. `secondFactor`: it moves money, so where the account says so its caller
 * has a second factor. `stepUp`: that, and a proof of who it is within the last minutes.
 */
export type Demands = { secondFactor?: boolean; stepUp?: boolean }

/** Calls in one HTTP request; more would let one request carry thousands of attempts. */
export const BATCH_MAX = 10

/** A silent stream is cut by proxies; the client reconnects when it hears nothing for the second time. */
const PING_MS = 10_000
const RECONNECT_AFTER_SILENCE_MS = 25_000

const t = initTRPC
  .context<Context>()
  .meta<{ access: Access } & Demands>()
  .create({
    transformer,
    defaultMeta: { access: 'session' },
    sse: {
      ping: { enabled: true, intervalMs: PING_MS },
      client: { reconnectAfterInactivityMs: RECONNECT_AFTER_SILENCE_MS },
    },
    errorFormatter: ({ shape, error, ctx }) => ({
      code: shape.code,
      message: publicMessage(error),
      data: {
        code: codeOf(error),
        httpStatus: shape.data.httpStatus,
        path: shape.data.path ?? null,
        refusal: refusalOf(error),
        requestId: ctx?.visit.requestId ?? null,
      },
    }),
  })

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** Turns an expected "no" into its wire form; a refused change is written down before it is answered. */
const withRefusals = t.middleware(async ({ ctx, next, path, type }) => {
  const result = await next()
  if (result.ok) return result
  if (isBusy(result.error.cause)) throw busyError(result.error)
  if (!(result.error.cause instanceof Refusal)) return result
  const refusal = result.error.cause
  const atTheDoor = DOOR_CODES.has(refusal.code)
  if (atTheDoor || (type === 'mutation' && !WRITE_THEIR_OWN.test(path)))
    await auditRefusal(ctx, path, refusal)
  throw refusalError(refusal)
})

/** Refusals of the builders, before any use case runs. */
const DOOR_CODES: ReadonlySet<RefusalCode> = new Set([
  'permission_denied',
  'second_factor_needed',
  'step_up_needed',
])

/** Use cases that write their refusals themselves, with the subject that only they know. */
const WRITE_THEIR_OWN = /^(refunds|approvals)\./

/** Anyone, signed in or not. */
export const publicProcedure = t.procedure.meta({ access: 'public' }).use(withRefusals)

/** Anyone who is signed in. */
export const signedInProcedure = t.procedure
  .meta({ access: 'session' })
  .use(withRefusals)
  .use(async ({ ctx, next, type, getRawInput }) => {
    const signedIn = await demandActor(ctx)
    if (type === 'mutation') refuseUnstorable(await getRawInput())
    return next({ ctx: { signedIn } })
  })

/** Those whose role carries `permission` on the account they work on, and who meet the demands. */
export function procedure(permission: Permission, demands: Demands = {}) {
  return t.procedure
    .meta({ access: permission, ...demands })
    .use(withRefusals)
    .use(async ({ ctx, next, type, getRawInput }) => {
      const signedIn = await demandActor(ctx)
      if (!roleCan(signedIn.role, permission))
        throw new Refusal('permission_denied', deniedReason(signedIn.role, permission))
      if (demands.secondFactor === true || demands.stepUp === true) demandSecondFactor(signedIn)
      if (demands.stepUp === true) demandStepUp({ ...ctx, signedIn })
      if (type === 'mutation') refuseUnstorable(await getRawInput())
      return next({ ctx: { signedIn } })
    })
}

/**
 * For acts that want a step-up only sometimes: put it behind `.input` with `.use`. Acts that always want one say so to
 * {@link procedure}. @throws Refusal step_up_needed
 */
export function demandStepUp({ deps, signedIn }: Context & { signedIn: StaffPresence }): void {
  if (isSteppedUp(signedIn.steppedUpAt, deps.clock.now())) return
  throw new Refusal(
    'step_up_needed',
    `Confirm that it is you: it is more than ${STEP_UP_MINUTES} minutes ago.`,
    'Nothing was done.',
  )
}

/** @throws Refusal second_factor_needed */
function demandSecondFactor({ hasSecondFactor, secondFactorRequired }: StaffPresence): void {
  if (hasSecondFactor || !secondFactorRequired) return
  throw new Refusal(
    'second_factor_needed',
    'Set up a second step of your sign-in first: this account wants one of whoever moves money.',
    'Open Security in your menu.',
  )
}

/** @throws Refusal invalid_input for text that a change could not write down, or say in the audit log why it was refused */
function refuseUnstorable(input: unknown): void {
  if (!isStorable(input))
    throw new Refusal('invalid_input', 'The text contains characters that cannot be stored.')
}

async function demandActor(ctx: Context): Promise<StaffPresence> {
  const actor = await ctx.person()
  if (!actor) throw new Refusal('not_signed_in', 'Sign in to continue.')
  return actor
}

/** Nothing is written for people who are not signed in: anybody could fill the log. */
async function auditRefusal(ctx: Context, path: string, refusal: Refusal): Promise<void> {
  const actor = await ctx.person()
  if (!actor) return
  await ctx.deps.store.audit.append({
    actor,
    action: path,
    subjectKind: 'procedure',
    subjectId: null,
    outcome: 'refused',
    reason: `${refusal.code}: ${refusal.message}`,
  })
}
