import { z } from 'zod'
import { procedure, router } from '../init.ts'
import { amountMinor, word } from '../inputs.ts'
import { pending } from '../pending.ts'
import type { CheckoutStartView, SandboxInfoView, TrafficView } from '../views/admin.ts'

/** Orders that one click on the sandbox page may make. */
const CREATE_MAX = 25
const TRAFFIC_MAX = 120

const checkoutInput = z.strictObject({
  amountMinor,
  customer: z
    .strictObject({
      ref: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,64}$/)
        .nullable()
        .default(null),
      name: z.string().trim().max(100).nullable().default(null),
      email: z.email().max(254).nullable().default(null),
      phone: z
        .string()
        .regex(/^\d{10}$/)
        .nullable()
        .default(null),
    })
    .default({ ref: null, name: null, email: null, phone: null }),
})

export const sandboxRouter = router({
  info: procedure('sandbox:use').query(async ({ ctx }): Promise<SandboxInfoView> => pending(ctx)),

  startCheckout: procedure('sandbox:use')
    .input(checkoutInput)
    .mutation(async ({ ctx, input }): Promise<CheckoutStartView> => pending(ctx, input)),

  createOrder: procedure('sandbox:use')
    .input(
      z.strictObject({
        outcome: z.enum(['charged', 'failed', 'pending', 'late_success', 'double_charge']),
        amountMinor,
        count: z.int().min(1).max(CREATE_MAX).default(1),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ orderRefs: string[] }> => pending(ctx, input)),

  sendTestEvent: procedure('sandbox:use')
    .input(z.strictObject({ name: word }))
    .mutation(async ({ ctx, input }): Promise<{ sent: boolean; message: string }> => pending(ctx, input)),

  traffic: procedure('sandbox:use')
    .input(z.strictObject({ perMinute: z.int().min(0).max(TRAFFIC_MAX), paused: z.boolean() }))
    .mutation(async ({ ctx, input }): Promise<TrafficView> => pending(ctx, input)),
})
