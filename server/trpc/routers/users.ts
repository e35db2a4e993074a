import { z } from 'zod'
import { ROLES } from '../../domain/permission.ts'
import { procedure, router } from '../init.ts'
import { id } from '../inputs.ts'
import { pending } from '../pending.ts'
import type { StaffView } from '../views/admin.ts'

const PASSWORD_MIN = 12
const PASSWORD_MAX = 128
const role = z.enum(ROLES)

export const usersRouter = router({
  list: procedure('user:manage').query(async ({ ctx }): Promise<StaffView[]> => pending(ctx)),

  create: procedure('user:manage')
    .input(
      z.strictObject({
        name: z.string().trim().min(1).max(100),
        email: z.email().max(254),
        role,
        password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<StaffView> => pending(ctx, input)),

  setRole: procedure('user:manage')
    .input(z.strictObject({ userId: id, role }))
    .mutation(async ({ ctx, input }): Promise<StaffView> => pending(ctx, input)),

  setDisabled: procedure('user:manage')
    .input(z.strictObject({ userId: id, disabled: z.boolean() }))
    .mutation(async ({ ctx, input }): Promise<StaffView> => pending(ctx, input)),
})
