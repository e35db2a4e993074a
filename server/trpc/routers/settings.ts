import { z } from 'zod'
import { AMOUNT_MINOR_MAX } from '../../domain/money.ts'
import { ROLES } from '../../domain/permission.ts'
import { REFUND_REASON_CODES } from '../../domain/refund-reason.ts'
import { procedure, router } from '../init.ts'
import { pending } from '../pending.ts'
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
  account: procedure('settings:read').query(async ({ ctx }): Promise<AccountSettingsView> => pending(ctx)),

  policy: procedure('settings:read').query(async ({ ctx }): Promise<PolicyView> => pending(ctx)),

  setPolicy: procedure('settings:write')
    .input(policyInput)
    .mutation(async ({ ctx, input }): Promise<PolicyView> => pending(ctx, input)),
})
