import { z } from 'zod'
import { approvalPolicyShape } from '../../domain/approval-policy.ts'
import { AMOUNT_MINOR_MAX } from '../../domain/money.ts'
import { roleCan } from '../../domain/permission.ts'
import { Refusal } from '../../domain/refusal.ts'
import { setPolicy } from '../../services/settings/set-policy.ts'
import { procedure, router } from '../init.ts'
import {
  policyVersionView,
  policyView,
  type AccountSettingsView,
  type LimitPersonView,
  type PolicyVersionView,
  type PolicyView,
} from '../views/admin.ts'

/** Versions of the policy told at once. */
const POLICY_VERSIONS_PAGE = 20

const policyInput = z.strictObject({
  ...approvalPolicyShape.shape,
  approvalAboveMinor: z.bigint().min(0n).max(AMOUNT_MINOR_MAX),
  stepUpAboveMinor: z.bigint().min(0n).max(AMOUNT_MINOR_MAX).optional(),
  /** The version the person saw: another admin's newer one is not overwritten unseen. */
  version: z.int().min(0),
  /** The person typed that approvals shall be off. */
  confirmOff: z.boolean().default(false),
})

export const settingsRouter = router({
  account: procedure('settings:read').query(async ({ ctx }): Promise<AccountSettingsView> => {
    const account = await ctx.deps.store.accounts.byId(ctx.signedIn.accountId)
    if (!account) throw new Refusal('not_found', 'There is no such merchant account.')
    return {
      slug: account.slug,
      name: account.name,
      environment: account.environment,
      baseUrl: account.baseUrl,
      juspayMerchantId: account.juspayMerchantId,
      clientId: account.clientId,
      apiVersion: account.apiVersion,
      webhookUrl: `${ctx.deps.facts.publicUrl}/webhooks/juspay/${account.slug}`,
      webhookUsername: account.webhookUsername,
      authMode: account.authMode,
      returnPageUrl: account.returnPageUrl,
      secrets: await ctx.deps.secretStates(account.id),
    }
  }),

  policy: procedure('settings:read').query(async ({ ctx }): Promise<PolicyView> =>
    policyView(await ctx.deps.store.refundPolicies.current(ctx.signedIn.accountId)),
  ),

  setPolicy: procedure('settings:write', { stepUp: true })
    .input(policyInput)
    .mutation(async ({ ctx, input }): Promise<PolicyView> => {
      const { version: basedOn, confirmOff, ...rules } = input
      return policyView(await setPolicy(ctx.deps, ctx.signedIn, { basedOn, rules, confirmOff }))
    }),

  /** Versions of the policy, newest first; the cursor is the version to go on below. */
  policyHistory: procedure('settings:read')
    .input(z.strictObject({ cursor: z.int().min(1).nullable().default(null) }))
    .query(async ({ ctx, input }): Promise<{ rows: PolicyVersionView[]; nextCursor: number | null }> => {
      const page = { below: input.cursor, limit: POLICY_VERSIONS_PAGE + 1 }
      const versions = await ctx.deps.store.refundPolicies.history(ctx.signedIn.accountId, page)
      const rows = versions.slice(0, POLICY_VERSIONS_PAGE).map(policyVersionView)
      return { rows, nextCursor: versions.length > rows.length ? (rows.at(-1)?.version ?? null) : null }
    }),

  /** People a limit of their own can be given to: those whose role asks for refunds. */
  limitPeople: procedure('settings:write').query(async ({ ctx }): Promise<LimitPersonView[]> => {
    const staff = await ctx.deps.store.staff.list(ctx.signedIn.accountId)
    return staff
      .filter(({ role, disabled }) => !disabled && roleCan(role, 'refund:request'))
      .map(({ id, name, role }) => ({ id, name, role }))
  }),
})
