import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { parseDecimal } from '../domain/money.ts'
import { inputIssueText } from '../domain/input-issue.ts'
import { Refusal } from '../domain/refusal.ts'
import type { AppDeps } from '../services/deps.ts'
import { createSession } from '../services/sdk/create-session.ts'
import { signInitiatePayload, signProcessPayload } from '../services/sdk/sign-payload.ts'
import { machineOf } from './api-key.ts'

const BODY_MAX = 64 * 1024

/** Field names are Juspay's own (API reference §2.1), so that a merchant's server sends here what it sent there. */
const orderFields = {
  order_id: z.string().regex(/^[A-Za-z0-9]{1,20}$/, 'must be 1 to 20 letters and digits'),
  /** Decimal text: a JSON number has already been through a float. */
  amount: z.string().regex(/^\d{1,12}(\.\d{1,3})?$/, 'must be decimal text, such as "499.00"'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  customer_id: z.string().max(128).default(''),
  customer_email: z.email().max(254).optional(),
  customer_phone: z
    .string()
    .regex(/^\d{6,15}$/)
    .optional(),
  first_name: z.string().max(255).optional(),
  last_name: z.string().max(255).optional(),
  return_url: z.url({ protocol: /^https?$/ }).optional(),
  description: z.string().max(255).optional(),
}

const udf = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [`udf${index + 1}`, z.string().max(255).optional()]),
)

const orderShape = z.strictObject({ ...orderFields, ...udf })
const sessionShape = orderShape.extend({
  action: z.enum(['paymentPage', 'paymentManagement', 'quickPay']).optional(),
  language: z.string().max(10).optional(),
})
const initiateShape = z.strictObject({ customer_id: z.string().min(1).max(128).optional() })

type OrderBody = z.infer<typeof orderShape>

/**
 * What the merchant's server calls to start a payment in its app (integration steps 2 and 4). Every call names an
 * account and carries an API key of that account with the scope `sdk`.
 */
export function sdkRoutes(app: FastifyInstance, { deps }: { deps: AppDeps }): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.post<{ Params: { account: string } }>(
    '/sdk/:account/session',
    { bodyLimit: BODY_MAX },
    async (request, reply) => {
      const { actor } = await machineOf(deps.store, request, request.params.account, 'sdk')
      const body = read(sessionShape, request.body)
      const { session } = await createSession(deps, actor, {
        ...(await orderOf(deps, actor.accountId, body)),
        action: body.action,
        language: body.language,
      })
      // `sdk_payload` is put in as Juspay's own text: parsing it could change a number.
      const head = JSON.stringify({
        order_id: session.orderRef,
        id: session.providerOrderRef,
        status: session.providerStatus,
        payment_links: session.paymentLinks,
        order_expiry: session.expiresAt,
      })
      return reply
        .type('application/json; charset=utf-8')
        .send(`${head.slice(0, -1)},"sdk_payload":${session.sdkPayloadJson ?? 'null'}}`)
    },
  )

  app.post<{ Params: { account: string } }>(
    '/sdk/:account/initiate-payload',
    { bodyLimit: BODY_MAX },
    async (request) => {
      const { actor } = await machineOf(deps.store, request, request.params.account, 'sdk')
      const body = read(initiateShape, request.body)
      const signed = await signInitiatePayload(deps, actor, { customerRef: body.customer_id })
      return {
        signaturePayload: signed.payload,
        signature: signed.signature,
        merchantKeyId: signed.merchantKeyId,
        merchantId: signed.merchantId,
        clientId: signed.clientId,
        environment: signed.environment,
      }
    },
  )

  app.post<{ Params: { account: string } }>(
    '/sdk/:account/process-payload',
    { bodyLimit: BODY_MAX },
    async (request) => {
      const { actor } = await machineOf(deps.store, request, request.params.account, 'sdk')
      const order = await orderOf(deps, actor.accountId, read(orderShape, request.body))
      const signed = await signProcessPayload(deps, actor, order)
      return {
        orderDetails: signed.payload,
        signature: signed.signature,
        merchantKeyId: signed.merchantKeyId,
        merchantId: signed.merchantId,
        clientId: signed.clientId,
        environment: signed.environment,
      }
    },
  )
}

function read<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  throw new Refusal('invalid_input', inputIssueText(parsed.error, 'keys'))
}

/** The body in our words; the amount as minor units of its currency. */
async function orderOf(deps: AppDeps, accountId: string, body: OrderBody) {
  const account = await deps.store.accounts.byId(accountId)
  const currency = body.currency ?? account?.currency ?? 'INR'
  const amountMinor = parseDecimal(body.amount, currency)
  if (amountMinor === null || amountMinor <= 0n)
    throw new Refusal(
      'invalid_input',
      `amount: must be above zero, with no more decimals than ${currency} has`,
    )
  const udfs: Record<string, string> = {}
  for (const [key, value] of Object.entries(body))
    if (key.startsWith('udf') && value !== undefined) udfs[key] = value
  return {
    orderRef: body.order_id,
    amountMinor,
    currency,
    customerRef: body.customer_id,
    customerEmail: body.customer_email,
    customerPhone: body.customer_phone,
    firstName: body.first_name,
    lastName: body.last_name,
    returnUrl: body.return_url ?? (account ? deps.returnUrl(account.slug) : undefined),
    description: body.description,
    udf: udfs,
  }
}
