import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiKeyNeed } from '../domain/api-key.ts'
import type { MachineActor } from '../domain/actor.ts'
import { parseDecimal, toDecimal } from '../domain/money.ts'
import { inputIssueText } from '../domain/input-issue.ts'
import { Refusal } from '../domain/refusal.ts'
import { clockProblem, type SdkQuestion } from '../domain/sdk-question.ts'
import type { Session } from '../juspay/session.ts'
import type { AccountRecord } from '../store/accounts.ts'
import type { AppDeps } from '../services/deps.ts'
import { answerOnce } from '../services/sdk/answer-once.ts'
import { createSession } from '../services/sdk/create-session.ts'
import { signInitiatePayload, signProcessPayload, type SignedStart } from '../services/sdk/sign-payload.ts'
import { updateAmount } from '../services/sdk/update-amount.ts'
import { machineOf } from './api-key.ts'

const BODY_MAX = 64 * 1024

/** A session's token lives 15 minutes (API reference §1.4); the last of them are left for the customer. */
const SESSION_MARGIN_MS = 2 * 60_000
/** When Juspay names no end. */
const SESSION_FRESH_MS = 10 * 60_000
/** The signed time must not look old to whoever checks it. */
const SIGNED_FRESH_MS = 4 * 60_000

const orderId = z.string().regex(/^[A-Za-z0-9]{1,20}$/, 'must be 1 to 20 letters and digits')
/** Decimal text: a JSON number has already been through a float. */
const amount = z.string().regex(/^\d{1,12}(\.\d{1,3})?$/, 'must be decimal text, such as "499.00"')
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .optional()
/** The caller's clock, epoch milliseconds as text; read by {@link clockProblem}. */
const timestamp = z.string().max(20).optional()

/** Field names are Juspay's own (API reference §2.1), so that a merchant's server sends here what it sent there. */
const orderFields = {
  order_id: orderId,
  amount,
  currency,
  timestamp,
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
const initiateShape = z.strictObject({ customer_id: z.string().min(1).max(128).optional(), timestamp })
const amountShape = z.strictObject({ amount, currency, timestamp })

type OrderBody = z.infer<typeof orderShape>
type SdkRequest = FastifyRequest<{ Params: { account: string; orderId?: string } }>

/** A call that was let in: whose program, on which account, with what body. */
type Call<T> = { actor: MachineActor; account: AccountRecord; body: T; request: SdkRequest }

/**
 * What the merchant's server calls to start a payment in its app (integration steps 2 and 4). Every call names an
 * account and carries an API key of that account with the scope it needs. Asking the same about an order again gives
 * the same answer; asking otherwise is refused.
 */
export function sdkRoutes(app: FastifyInstance, { deps }: { deps: AppDeps }): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  const route = <T extends { timestamp?: string | undefined }>(
    url: string,
    need: ApiKeyNeed,
    shape: z.ZodType<T>,
    answer: (call: Call<T>) => Promise<string>,
  ): void => {
    app.post(url, { bodyLimit: BODY_MAX }, async (request: SdkRequest, reply: FastifyReply) => {
      const { actor, account } = await machineOf(deps, request, reply, need)
      const body = read(shape, request.body)
      demandClock(body.timestamp, deps.clock.now())
      reply.type('application/json; charset=utf-8')
      return answer({ actor, account, body, request })
    })
  }

  route('/sdk/:account/session', 'sdk:session', sessionShape, (call) => session(deps, call))

  route('/sdk/:account/initiate-payload', 'sdk:sign', initiateShape, async ({ actor, body }) =>
    signedBody('signaturePayload', await signInitiatePayload(deps, actor, { customerRef: body.customer_id })),
  )

  route('/sdk/:account/process-payload', 'sdk:sign', orderShape, async ({ actor, account, body }) => {
    const order = orderOf(deps, account, body)
    const key = { accountId: account.id, orderRef: order.orderRef, kind: 'process' } as const
    return answerOnce(deps, key, questionOf(body, order), async () => {
      const freshUntil = new Date(deps.clock.now().getTime() + SIGNED_FRESH_MS)
      return { body: signedBody('orderDetails', await signProcessPayload(deps, actor, order)), freshUntil }
    })
  })

  route('/sdk/:account/orders/:orderId/amount', 'sdk:amount', amountShape, async (call) => {
    const { actor, account, body, request } = call
    const orderRef = read(orderId, request.params.orderId)
    const money = moneyOf(body, account)
    const { signed } = await updateAmount(deps, actor, { orderRef, ...money })
    return JSON.stringify({
      order_id: orderRef,
      amount: toDecimal({ minor: money.amountMinor, currency: money.currency }),
      currency: money.currency,
      // What the app passes to the SDK as `updateOrder`.
      orderDetails: signed?.payload ?? null,
      signature: signed?.signature ?? null,
      merchantKeyId: signed?.merchantKeyId ?? null,
    })
  })
}

function session(
  deps: AppDeps,
  { actor, account, body }: Call<z.infer<typeof sessionShape>>,
): Promise<string> {
  const order = orderOf(deps, account, body)
  const { action, language } = body
  const key = { accountId: account.id, orderRef: order.orderRef, kind: 'session' } as const
  const question = questionOf(body, order)
  return answerOnce(deps, key, question, async () => {
    const made = await createSession(deps, actor, { ...order, action, language })
    return { body: sessionBody(made.session), freshUntil: freshUntil(deps.clock.now(), made.session) }
  })
}

function freshUntil(now: Date, { expiresAt }: Session): Date {
  const end = expiresAt === null ? now.getTime() + SESSION_FRESH_MS : expiresAt.getTime() - SESSION_MARGIN_MS
  // A link that lives for days has a token that lives for minutes.
  return new Date(Math.min(end, now.getTime() + SESSION_FRESH_MS))
}

/** `sdk_payload` is put in as Juspay's own text: parsing it could change a number. */
function sessionBody(made: Session): string {
  const head = JSON.stringify({
    order_id: made.orderRef,
    id: made.providerOrderRef,
    status: made.providerStatus,
    payment_links: made.paymentLinks,
    order_expiry: made.expiresAt,
  })
  return `${head.slice(0, -1)},"sdk_payload":${made.sdkPayloadJson ?? 'null'}}`
}

function signedBody(name: 'signaturePayload' | 'orderDetails', signed: SignedStart): string {
  return JSON.stringify({
    [name]: signed.payload,
    signature: signed.signature,
    merchantKeyId: signed.merchantKeyId,
    merchantId: signed.merchantId,
    clientId: signed.clientId,
    environment: signed.environment,
  })
}

function read<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  throw new Refusal('invalid_input', inputIssueText(parsed.error, 'keys'))
}

/** @throws Refusal `clock_skew` */
function demandClock(timestamp: string | undefined, now: Date): void {
  const problem = timestamp === undefined ? null : clockProblem(timestamp, now)
  if (problem !== null) throw new Refusal('clock_skew', problem)
}

/** The amount as minor units of its currency. */
function moneyOf(body: { amount: string; currency?: string | undefined }, account: AccountRecord) {
  const currency = body.currency ?? account.currency
  const amountMinor = parseDecimal(body.amount, currency)
  if (amountMinor === null || amountMinor <= 0n)
    throw new Refusal(
      'invalid_input',
      `amount: must be above zero, with no more decimals than ${currency} has`,
    )
  return { amountMinor, currency }
}

/** The body in our words. */
function orderOf(deps: AppDeps, account: AccountRecord, body: OrderBody) {
  const udfs: Record<string, string> = {}
  for (const [key, value] of Object.entries(body))
    if (key.startsWith('udf') && value !== undefined) udfs[key] = value
  return {
    orderRef: body.order_id,
    ...moneyOf(body, account),
    customerRef: body.customer_id,
    customerEmail: body.customer_email,
    customerPhone: body.customer_phone,
    firstName: body.first_name,
    lastName: body.last_name,
    returnUrl: body.return_url ?? deps.returnUrl(account.slug),
    description: body.description,
    udf: udfs,
  }
}

/** What must be the same when the shop asks again: everything but the time. */
function questionOf(body: OrderBody, money: { amountMinor: bigint; currency: string }): SdkQuestion {
  const { amount: _amount, timestamp: _timestamp, order_id: _orderId, ...rest } = body
  const told = Object.entries(rest).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as const],
  )
  return { ...Object.fromEntries(told), amount_minor: String(money.amountMinor), currency: money.currency }
}
