import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { bodyOf } from './bodies.ts'
import type { Configuration } from './configuration.ts'
import { parseDetails, signatureProblem } from './sdk-order.ts'

const askedShape = z.object({
  merchantId: z.string(),
  signaturePayload: z.string(),
  signature: z.string().default(''),
  merchantKeyId: z.string().default(''),
})

/** Why the signed form of Initiate (reference 2.4) is not accepted; null when it is. */
export function initiateProblem(
  configuration: Configuration,
  asked: z.infer<typeof askedShape>,
): string | null {
  const signed = parseDetails(asked.signaturePayload)
  if (!signed) return 'signaturePayload is not a JSON string.'
  if (signed['merchant_id'] !== asked.merchantId) return 'signaturePayload is of another merchant.'
  const merchant = configuration.merchant(asked.merchantId)
  if (!merchant) return 'merchant_id is unknown.'
  return signatureProblem(merchant, asked.signaturePayload, asked.signature, asked.merchantKeyId)
}

/**
 * Where the SDK script asks whether a signed Initiate is good. A form keeps the request simple for browsers, and a
 * refusal is an answer like any other; nothing in it is secret, so any page may read it.
 */
export function registerSdkInitiate(app: FastifyInstance, configuration: Configuration): void {
  app.post('/payment-page/sdk/initiate', (request, reply) => {
    const asked = askedShape.safeParse(Object.fromEntries(bodyOf(request.body).params))
    const problem = asked.success
      ? initiateProblem(configuration, asked.data)
      : 'signaturePayload, signature and merchantKeyId are needed.'
    return reply
      .headers({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' })
      .send({ problem })
  })
}
