import { z } from 'zod'
import type { VersionedPolicy } from '../../domain/approval-policy.ts'
import { AMOUNT_MINOR_MAX } from '../../domain/money.ts'
import { ROLES } from '../../domain/permission.ts'
import { REFUND_REASON_CODES } from '../../domain/refund-reason.ts'
import { Refusal } from '../../domain/refusal.ts'
import { setPolicy } from '../../services/settings/set-policy.ts'
import { procedure, router } from '../init.ts'
import type { AccountSettingsView, PolicyView } from '../views/admin.ts'

const policyInput = z.strictObject({
  /** The version the person saw: another admin's newer one is not overwritten unseen. */
  version: z.int().min(0),
  approvalAboveMinor: z.bigint().min(0n).max(AMOUNT_MINOR_MAX),
  alwaysApproveRoles: z.array(z.enum(ROLES)).max(ROLES.length),
  expiresAfterHours: z.int().min(1).max(720),
  sameAmountWindowMinutes: z.int().min(0).max(1_440),
  noteRequiredReasons: z.array(z.enum(REFUND_REASON_CODES)).max(REFUND_REASON_CODES.length),
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
      merchantKeyId: account.merchantKeyId,
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
      const { version: basedOn, ...rules } = input
      return policyView(await setPolicy(ctx.deps, ctx.signedIn, { basedOn, rules }))
    }),
})

function policyView({ version, rules }: VersionedPolicy): PolicyView {
  return {
    version,
    approvalAboveMinor: rules.approvalAboveMinor,
    alwaysApproveRoles: rules.alwaysApproveRoles,
    expiresAfterHours: rules.expiresAfterHours,
    sameAmountWindowMinutes: rules.sameAmountWindowMinutes,
    noteRequiredReasons: rules.noteRequiredReasons,
  }
}
