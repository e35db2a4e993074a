import { z } from 'zod'
import type { StaffPresence } from '../../auth/staff-auth.ts'
import { permissionsOf, roleCan } from '../../domain/permission.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AppDeps } from '../../services/deps.ts'
import { switchAccount } from '../../services/staff/switch-account.ts'
import { publicProcedure, router, signedInProcedure } from '../init.ts'
import { word } from '../inputs.ts'
import { sessionCounts } from '../session-counts.ts'
import type { CountsView, DemoView, SessionView } from '../views/admin.ts'
import { bulkBatchView } from '../views/bulk.ts'
import { exportView } from '../views/export.ts'
import { replayJobView } from '../views/replay.ts'
import { runningBatchView, runningExportView, runningReplayView, type RunningView } from '../views/running.ts'

export const sessionRouter = router({
  get: publicProcedure.query(async ({ ctx }): Promise<SessionView | null> => {
    const person = await ctx.person()
    return person && sessionView(ctx.deps, person)
  }),

  demo: publicProcedure.query(({ ctx }): DemoView => {
    const { demo } = ctx.deps.facts
    return { enabled: demo !== null, staff: [...(demo?.staff ?? [])], password: demo?.password ?? null }
  }),

  counts: signedInProcedure.query(({ ctx }): Promise<CountsView> => sessionCounts(ctx.deps, ctx.signedIn)),

  /** The long work that goes on, as far as the person may see its pages. */
  running: signedInProcedure.query(async ({ ctx }): Promise<RunningView> => {
    const { accountId, userId, role } = ctx.signedIn
    const { bulk, replays, exports } = ctx.deps.store.pages
    const now = ctx.deps.clock.now()
    const [batches, jobs, files] = await Promise.all([
      roleCan(role, 'order:read') ? bulk.atWork(accountId) : [],
      roleCan(role, 'event:read') ? replays.atWork(accountId) : [],
      roleCan(role, 'export:create') ? exports.waitingOf(accountId, userId) : [],
    ])
    return {
      batches: batches.map((batch) => runningBatchView(bulkBatchView(batch, ctx.signedIn, now))),
      replays: jobs.map((job) => runningReplayView(replayJobView(job, ctx.signedIn, now))),
      exports: files.map((file) => runningExportView(exportView(file))),
    }
  }),

  switchAccount: signedInProcedure
    .input(z.strictObject({ slug: word }))
    .mutation(async ({ ctx, input }): Promise<SessionView> => {
      const sessionId = await ctx.auth.sessionIdOf(ctx.visit)
      if (sessionId === null) throw new Refusal('not_signed_in', 'Sign in to continue.')
      await switchAccount(ctx.deps, ctx.signedIn, { sessionId, slug: input.slug })
      const now = await ctx.auth.actorOf(ctx.visit)
      if (!now) throw new Refusal('not_signed_in', 'Sign in to continue.')
      return sessionView(ctx.deps, now)
    }),
})

async function sessionView(deps: AppDeps, person: StaffPresence): Promise<SessionView> {
  const [account, accounts] = await Promise.all([
    deps.store.accounts.byId(person.accountId),
    deps.store.staff.accountsOf(person.userId),
  ])
  if (!account) throw new Refusal('not_found', 'There is no such merchant account.')
  return {
    user: { id: person.userId, name: person.name, email: person.email },
    role: person.role,
    permissions: [...permissionsOf(person.role)],
    account: {
      slug: account.slug,
      name: account.name,
      environment: account.environment,
      currency: account.currency,
    },
    accounts,
    hasSecondFactor: person.hasSecondFactor,
    secondFactorRequired: person.secondFactorRequired,
    demo: deps.facts.demo !== null,
  }
}
