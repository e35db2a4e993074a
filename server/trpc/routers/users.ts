import { z } from 'zod'
import { ROLES } from '../../domain/permission.ts'
import { createUser } from '../../services/staff/create-user.ts'
import { setDisabled } from '../../services/staff/disable-user.ts'
import { setRole } from '../../services/staff/set-role.ts'
import { procedure, router } from '../init.ts'
import { id } from '../inputs.ts'
import { staffView, type StaffView } from '../views/admin.ts'

const PASSWORD_MIN = 12
const PASSWORD_MAX = 128
const role = z.enum(ROLES)

export const usersRouter = router({
  list: procedure('user:manage').query(async ({ ctx }): Promise<StaffView[]> => {
    const staff = await ctx.deps.store.staff.list(ctx.signedIn.accountId)
    return staff.map(staffView)
  }),

  create: procedure('user:manage', { stepUp: true })
    .input(
      z.strictObject({
        name: z.string().trim().min(1).max(100),
        email: z.email().max(254),
        role,
        password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<StaffView> =>
      staffView(await createUser(ctx.deps, ctx.signedIn, input)),
    ),

  setRole: procedure('user:manage', { stepUp: true })
    .input(z.strictObject({ userId: id, role }))
    .mutation(async ({ ctx, input }): Promise<StaffView> =>
      staffView(await setRole(ctx.deps, ctx.signedIn, input)),
    ),

  setDisabled: procedure('user:manage', { stepUp: true })
    .input(z.strictObject({ userId: id, disabled: z.boolean() }))
    .mutation(async ({ ctx, input }): Promise<StaffView> =>
      staffView(await setDisabled(ctx.deps, ctx.signedIn, input)),
    ),
})
