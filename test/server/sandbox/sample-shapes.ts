/** Shapes of JSON bodies: which field has which types. What a body says does not matter. */

/** A field by its path ("refunds[].amount") and one type it has there. */
export type Field = { path: string; type: string }

/** What senders' log scrubbers left in place of a value of any type. */
const SCRUBBED = new Set(['FILTERED', 'RIPPIFILTERED', '<HIDDEN>', '1111111'])

/** Every field of a body with its type; `scrubbed` where the type cannot be known. */
export function fieldsOf(value: unknown, path = ''): Field[] {
  if (Array.isArray(value))
    return [{ path, type: 'array' }, ...value.flatMap((each: unknown) => fieldsOf(each, `${path}[]`))]
  if (value === null) return [{ path, type: 'null' }]
  if (typeof value === 'object')
    return [
      { path, type: 'object' },
      ...Object.entries(value).flatMap(([name, each]) =>
        fieldsOf(each, path === '' ? name : `${path}.${name}`),
      ),
    ]
  if (typeof value === 'string' && SCRUBBED.has(value)) return [{ path, type: 'scrubbed' }]
  return [{ path, type: typeof value }]
}

/** Many bodies together: what any of them had. */
export class ShapePool {
  readonly #types = new Map<string, Set<string>>()

  add(body: unknown): void {
    for (const { path, type } of fieldsOf(body)) {
      const types = this.#types.get(path) ?? new Set()
      this.#types.set(path, types.add(type))
    }
  }

  has({ path, type }: Field): boolean {
    const types = this.#types.get(path)
    return types !== undefined && (type === 'scrubbed' || types.has(type))
  }

  /** Fields of `body` that no body here had. */
  missing(body: unknown): Field[] {
    return fieldsOf(body).filter((field) => !this.has(field))
  }
}

/** Signed text (`orderDetails`, `signaturePayload`) as the object it holds; a placeholder or broken JSON as scrubbed. */
export function unfolded(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => [
      name,
      name === 'orderDetails' || name === 'signaturePayload' ? opened(value) : unfolded(value),
    ]),
  )
}

function opened(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return 'FILTERED'
  }
}

/** Why the sandbox does not make a field. The first rule that fits counts. */
export const REASONS: readonly { fits: RegExp; reason: string }[] = [
  { fits: /(^|\.)gateway_response(\.|\[|$)/, reason: 'the body of one gateway, in its own words' },
  { fits: /(^|\.)payment_gateway_response\./, reason: 'further words of single gateways' },
  {
    fits: /^payload\.(currentActivityId|processStartedTime|endUrls|features|issuingPsp|shouldCreateCustomer|logLevel)/,
    reason: 'options of the SDK that neither Paydesk nor the sandbox’s script has',
  },
  { fits: /^payload\.orderDetails\./, reason: 'options of single merchants in signed order details' },
  {
    fits: /^(header|payload|signature)$/,
    reason: 'one step of the envelope of /v4, which jwt.test.ts opens',
  },
  {
    fits: /^(sdk_payload|payload)\./,
    reason: 'options of the payment page that the sandbox’s page does not have',
  },
  { fits: /(^|[.\]])metadata([.:]|$)/, reason: 'free data of merchants and gateways' },
  {
    fits: /(^|[.\]])mandate(s|_|\.|\[|$)/,
    reason: 'bank accounts of mandates, mandates of combined payments and of orders as echoed',
  },
  { fits: /txn_sub_details/, reason: 'captures and voids of a part that fail' },
  { fits: /(^|[.\]])card\.|^card$/, reason: 'the card vault is not simulated' },
  {
    fits: /(^|[.\]])(offers|benefits|offer_)|offer_deduction_amount|txn_amount_breakup/,
    reason: 'offers and amounts as old versions spelt them',
  },
  {
    fits: /surcharge_amount|tax_amount|amount_debited/,
    reason: 'surcharges of the parts of a combined payment',
  },
  { fits: /split_(settlement|refund)/, reason: 'what gateways add to a settlement or a part of a refund' },
  { fits: /emi_|^bank_pg$/, reason: 'EMI is not simulated' },
  { fits: /risk_checks|rewards_breakup/, reason: 'risk and rewards are not simulated' },
  {
    fits: /(^|[.\]])(upi|wallet)(\.|$)|payer_app|source_object|response_(code|message)/,
    reason: 'further facts of the payer’s app',
  },
  {
    fits: /^refund_arn$|^reference_id$|^epg_txn_id$|^authorization_id$|^response_code$|reversal_type|expected_refund_credit_time|bank_processed_at/,
    reason: 'refund facts that gateways add later',
  },
  {
    fits: /^(hyperpg|deep_link|base64_encoded_qr|payment_links\.|qr_|links|juspay\.|options)/,
    reason: 'links of UPI apps and other pages',
  },
  {
    fits: /^(captured_amount|refundable_amount|paid_amount|order_type|product_)/,
    reason: 'amounts that only some versions name',
  },
  {
    fits: /^txn_list\[\]\.(resp_|txn_detail\.(error_code|is_cvv_less_txn))/,
    reason: 'parts of a combined payment that fail by themselves',
  },
  { fits: /^(gateway_id|auth_type|amount)$/, reason: 'a null or text where single old bodies have one' },
]
