import { z } from 'zod'
import { SCENARIOS } from './scenario-steps.ts'
import { SIMULATION_NAMES, SWITCH_NAMES } from './simulations.ts'

const instrument = {
  paymentMethodType: z.enum(['UPI', 'CARD', 'NB', 'WALLET', 'CASH']).optional(),
  paymentMethod: z.string().optional(),
  gateway: z.string().optional(),
  vpa: z.string().optional(),
  /** Package name of the paying UPI app. */
  payerApp: z.string().optional(),
  lastFour: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
}

export const newOrderSchema = z.strictObject({
  merchantId: z.string().default('paydeskdemo'),
  orderId: z.string().optional(),
  /** Decimal text in major units. */
  amount: z.string().default('499.00'),
  currency: z.string().default('INR'),
  scenario: z.enum(SCENARIOS).default('charged'),
  /** ISO instant to back-date the order to. */
  createdAt: z.iso.datetime().optional(),
  /** Virtual seconds between the steps; default 0, or 8 for a back-dated order. */
  paceSeconds: z.number().min(0).optional(),
  customerId: z.string().optional(),
  customerEmail: z.string().optional(),
  customerPhone: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  returnUrl: z.string().optional(),
  description: z.string().optional(),
  udf: z.record(z.string().regex(/^udf([1-9]|10)$/), z.string()).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** How many; each further one gets its own id. */
  repeat: z.number().int().min(1).max(500).default(1),
  ...instrument,
})

/** Orders that one simulation makes at most. */
const SIMULATED_MAX = 100

export const simulateSchema = z.strictObject({
  merchantId: z.string().default('paydeskdemo'),
  simulation: z.enum(SIMULATION_NAMES),
  switches: z.array(z.enum(SWITCH_NAMES)).default([]),
  /** Decimal text in major units. */
  amount: z.string().default('499.00'),
  currency: z.string().default('INR'),
  count: z.number().int().min(1).max(SIMULATED_MAX).default(1),
  ...instrument,
})

export const newAttemptSchema = z.strictObject({
  merchantId: z.string().default('paydeskdemo'),
  /** Absent: a new attempt. Present: this attempt's outcome. */
  attempt: z.number().int().positive().optional(),
  outcome: z
    .enum(['success', 'authentication_failed', 'authorization_failed', 'declined', 'pending'])
    .default('success'),
  ...instrument,
})

export const refundStateSchema = z.strictObject({
  merchantId: z.string().default('paydeskdemo'),
  status: z.enum(['SUCCESS', 'FAILURE', 'MANUAL_REVIEW']),
})

export const clockSchema = z
  .strictObject({
    advanceSeconds: z
      .number()
      .positive()
      .max(400 * 86_400)
      .optional(),
    factor: z.number().min(0).max(100_000).optional(),
  })
  .refine((change) => change.advanceSeconds !== undefined || change.factor !== undefined, {
    message: 'Give advanceSeconds or factor.',
  })

export const trafficSchema = z.strictObject({
  perMinute: z.number().min(0).max(6_000).optional(),
  paused: z.boolean().optional(),
})

export const sendWebhookSchema = z.strictObject({
  merchantId: z.string().default('paydeskdemo'),
  event: z.string().default('ORDER_SUCCEEDED'),
  /**
   * An existing order to describe; its current state becomes the content. Mandate, notification and chargeback events
   * tell of one about that order.
   */
  orderId: z.string().optional(),
  /** A ready content object instead, e.g. {"token":{…}}. */
  content: z.record(z.string(), z.unknown()).optional(),
  /** Exact bytes to send instead of an envelope: for malformed bodies. */
  rawBody: z.string().optional(),
  url: z.string().optional(),
  times: z.number().int().min(1).max(1_000).default(1),
})

/** A merchant may be sent in part when it already exists. */
export const merchantChangeSchema = z.looseObject({ merchantId: z.string().min(1) })

/** The merchant's public half, PEM: for `/v4`, or to check signed payloads with. */
export const uploadKeySchema = z.strictObject({
  merchantId: z.string().default('paydeskdemo'),
  publicKey: z.string().min(1).max(10_000),
})

/** Only the given switches change; defaults must not sneak in, so the check is against the merged whole. */
export const settingsChangeSchema = z.record(z.string(), z.unknown())
