import { z } from 'zod'

/** An offer as the portal keeps it (reference 3.5 `offers[]`, 10 "offers"). */
export const offerSchema = z.strictObject({
  id: z.string().default('56f38ff9-4c9e-4ed1-9b75-78ef5a543b95'),
  code: z.string().min(1).default('SANDBOX15'),
  type: z.enum(['DISCOUNT', 'CASHBACK']).default('DISCOUNT'),
  rule: z.enum(['PERCENTAGE', 'ABSOLUTE']).default('PERCENTAGE'),
  /** Per cent, or major units. */
  value: z.number().positive(),
  /** The benefit is never more, in major units. */
  maxAmount: z.number().positive().nullable().default(null),
  minimumAmount: z.string().default('0.00'),
})

export type Offer = z.infer<typeof offerSchema>

/** What the merchant's rules make of a price. */
export type Terms = { surchargePercent: number; offer: Offer | null }

/** One merchant account known to the sandbox. Everything section 1.6 calls a "gate" is a switch here. */
export const merchantSchema = z.strictObject({
  merchantId: z.string().min(1).max(64),
  apiKey: z.string().min(1),
  clientId: z.string().min(1),
  displayName: z.string().default('Paydesk Demo Store'),
  txnIdPrefix: z.string().min(1).optional(),
  returnUrl: z.string().default(''),
  webhookUrl: z.string().nullable().default(null),
  webhookUsername: z.string().default('demowebhook'),
  webhookPassword: z.string().default('demo-webhook-password'),
  webhookHeaders: z.record(z.string(), z.string()).default({}),
  /** null sends every event; a list sends only those. */
  webhookEvents: z.array(z.string()).nullable().default(null),
  responseKey: z.string().default('sandbox-response-key'),
  returnSignature: z.enum(['signed', 'unsigned', 'double_encoded']).default('signed'),
  returnMethod: z.enum(['GET', 'POST']).default('GET'),
  autoRefundConflict: z.boolean().default(true),
  conflictThresholdMinutes: z.number().nonnegative().default(10),
  autoRefundMultiple: z.boolean().default(true),
  /** Surcharge rule and offer of the portal (reference 10): they apply to every order from now on. */
  surchargePercent: z.number().min(0).max(50).default(0),
  offer: offerSchema.nullable().default(null),
  /** Reference 1.6 `enabledInstantRefund`. */
  instantRefunds: z.boolean().default(false),
  allowedIps: z.array(z.string()).nullable().default(null),
  /** PEM public keys by merchant key id, for signed SDK payloads. Empty: signatures are not checked. */
  publicKeys: z.record(z.string(), z.string()).default({}),
  /** PEM public keys by key id for `/v4` (reference 1.5). Without one `/v4` is unusable (1.6, `basiliskKeyId`). */
  jwtKeys: z.record(z.string(), z.string()).default({}),
})

export type Merchant = z.infer<typeof merchantSchema>

/** Behaviour shared by all merchants; each line answers one row of the reference's section 13. */
export const settingsSchema = z.strictObject({
  orderIdCharacters: z.enum(['alphanumeric', 'relaxed']).default('alphanumeric'),
  requireMerchantHeader: z.boolean().default(true),
  requireRoutingId: z.boolean().default(false),
  unknownOrderOnRefund: z.union([z.literal(400), z.literal(404)]).default(400),
  unknownOrderOnStatus: z.union([z.literal(400), z.literal(404)]).default(404),
  refundAmountOptional: z.boolean().default(false),
  legacyCreateWithoutVersion: z.boolean().default(true),
  /** Row 14: a later failed attempt downgrades a charged order in the status answer. */
  statusFollowsLastAttempt: z.boolean().default(false),
  pendingSeconds: z.number().nonnegative().default(20),
  lateSuccessSeconds: z.number().nonnegative().default(45),
  /** Reference 9.2: what a gateway makes of a capture or a void. `timeout` leaves the hold as it was. */
  captureOutcome: z.enum(['success', 'pending', 'failure', 'timeout']).default('success'),
  voidOutcome: z.enum(['success', 'pending', 'failure', 'timeout']).default('success'),
  holdSettleSeconds: z.number().nonnegative().default(5),
  /** Reference 5.3. 0 sends in the call itself, and a settling time of 0 also settles in it (samples refund/23, 25). */
  refundQueueSeconds: z.number().nonnegative().default(2),
  refundSettleSeconds: z.number().nonnegative().default(3),
  refundArnSeconds: z.number().nonnegative().default(20),
  refundReviewDays: z.number().positive().default(10),
  /** How long Order Status lags behind events and writes (reference 6.5 rule 8; 12 "eventual consistency"). */
  statusLagSeconds: z.number().nonnegative().default(0),
  /** Reference 9.9: attempts of `/txns` end by their amount, as at HDFC's UAT. */
  amountRules: z.boolean().default(false),
  refundOutcome: z.enum(['success', 'failure', 'stuck']).default('success'),
  webhookTimeoutMs: z.number().int().positive().default(10_000),
  /** masked: section 6.4 "FILTERED"; legacy: numbers and booleans as strings. */
  webhookPayload: z.enum(['plain', 'masked', 'legacy']).default('plain'),
})

export type Settings = z.infer<typeof settingsSchema>

/** The account that contract.md promises; `webhookUrl` is where its events go. */
export function demoMerchant(webhookUrl: string | null): Merchant {
  return merchantSchema.parse({
    merchantId: 'paydeskdemo',
    apiKey: 'sandbox-api-key',
    clientId: 'paydeskdemo',
    webhookUrl,
  })
}
