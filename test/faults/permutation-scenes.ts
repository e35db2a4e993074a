/**
 * Lives of one order each, told in six messages: what can happen to a payment, with repeats, masked copies, variants of
 * the same event in other bytes and status answers among them. The battery delivers each life in every order.
 */
import type { BodyRefund } from '../support/factories.ts'
import {
  AMOUNT,
  answers,
  at,
  attemptOnly,
  dispute,
  first,
  mandate,
  MASKED,
  notice,
  refund,
  refundOnly,
  says,
  SCENE_ORDER,
  second,
  variantOf,
  type Fields,
  type Message,
} from './permutation-messages.ts'

export type Scene = { name: string; messages: readonly Message[] }

const created = says('ORDER_CREATED', 'NEW', 0)
const started = says('TXN_CREATED', 'PENDING_VBV', 2, { attempt: first('PENDING_VBV') })
const declined = says('ORDER_FAILED', 'AUTHORIZATION_FAILED', 3, {
  attempt: first('AUTHORIZATION_FAILED', { errorMessage: 'Insufficient funds' }),
})
const charged = says('ORDER_SUCCEEDED', 'CHARGED', 4, { attempt: first('CHARGED') })
const maskedCharge = says('ORDER_UPDATED', 'CHARGED', 8, { attempt: first('CHARGED'), extra: MASKED })

/** A message about the charged order and its refunds. */
function refunded(name: string, minute: number, refunds: readonly BodyRefund[], extra: Fields = {}): Message {
  return says(name, 'CHARGED', minute, { attempt: first('CHARGED'), refunds, extra })
}

function returned(name: string, minute: number, status: string): Message {
  const refunds = [refund('AR1', status, AMOUNT, { initiatedBy: 'AUTO_REFUNDED' })]
  return says(name, 'AUTO_REFUNDED', minute, { attempt: first('AUTO_REFUNDED'), refunds })
}

const PAYMENTS: readonly Scene[] = [
  scene(
    'a charge',
    created,
    started,
    attemptOnly('TXN_CHARGED', 4, first('CHARGED')),
    charged,
    maskedCharge,
    charged,
  ),
  scene(
    'a charge, masked before clear',
    created,
    maskedCharge,
    started,
    charged,
    maskedCharge,
    answers('CHARGED', 9, { attempt: first('CHARGED') }),
  ),
  scene(
    'a refusal',
    created,
    started,
    attemptOnly('TXN_FAILED', 3, first('AUTHORIZATION_FAILED')),
    declined,
    declined,
    answers('AUTHORIZATION_FAILED', 6, { attempt: first('AUTHORIZATION_FAILED') }),
  ),
  scene(
    'refused, then charged with another gateway',
    started,
    declined,
    attemptOnly('TXN_CREATED', 5, second('PENDING_VBV')),
    attemptOnly('TXN_CHARGED', 6, second('CHARGED')),
    says('ORDER_SUCCEEDED', 'CHARGED', 6, { attempt: second('CHARGED') }),
    declined,
  ),
  scene('late success of a failed attempt', created, started, declined, charged, declined, maskedCharge),
  scene(
    'a failure told after the charge',
    charged,
    says('ORDER_FAILED', 'AUTHORIZATION_FAILED', 30, {
      attempt: first('AUTHORIZATION_FAILED', { errorMessage: 'Late' }),
    }),
    started,
    created,
    charged,
    answers('CHARGED', 31, { attempt: first('CHARGED') }),
  ),
  scene(
    'a double charge',
    started,
    charged,
    attemptOnly('TXN_CHARGED', 6, second('CHARGED')),
    says('ORDER_SUCCEEDED', 'CHARGED', 7, { attempt: second('CHARGED') }),
    charged,
    created,
  ),
  scene(
    'a double charge, one returned',
    charged,
    says('ORDER_SUCCEEDED', 'CHARGED', 7, { attempt: second('CHARGED') }),
    returned('AUTO_REFUND_INITIATED', 20, 'PENDING'),
    returned('AUTO_REFUND_SUCCEEDED', 25, 'SUCCESS'),
    says('ORDER_UPDATED', 'CHARGED', 26, { attempt: second('CHARGED') }),
    created,
  ),
  scene(
    'pre-authorised, then captured',
    created,
    started,
    says('ORDER_AUTHORIZED', 'AUTHORIZED', 3, { attempt: first('AUTHORIZED') }),
    charged,
    says('ORDER_AUTHORIZED', 'AUTHORIZED', 3, { attempt: first('AUTHORIZED') }),
    answers('AUTHORIZED', 3, { attempt: first('AUTHORIZED') }),
  ),
  scene(
    'pre-authorised, then released',
    started,
    says('ORDER_AUTHORIZED', 'AUTHORIZED', 3, { attempt: first('AUTHORIZED') }),
    says('ORDER_VOIDED', 'VOIDED', 9, { attempt: first('VOIDED') }),
    says('ORDER_UPDATED', 'VOID_INITIATED', 8, { attempt: first('VOID_INITIATED') }),
    answers('VOIDED', 10, { attempt: first('VOIDED') }),
    created,
  ),
  scene(
    'a release that timed out',
    started,
    says('ORDER_AUTHORIZED', 'AUTHORIZED', 3, { attempt: first('AUTHORIZED') }),
    says('ORDER_UPDATED', 'VOID_INITIATED', 8, { attempt: first('VOID_INITIATED') }),
    answers('VOID_INITIATED', 9, { attempt: first('VOID_INITIATED') }),
    answers('AUTHORIZED', 20, { attempt: first('AUTHORIZED') }),
    created,
  ),
  scene(
    'a capture that failed at first',
    started,
    says('ORDER_AUTHORIZED', 'AUTHORIZED', 3, { attempt: first('AUTHORIZED') }),
    says('ORDER_CAPTURE_FAILED', 'CAPTURE_FAILED', 6, { attempt: first('CAPTURE_FAILED') }),
    says('ORDER_SUCCEEDED', 'CHARGED', 9, { attempt: first('CHARGED') }),
    created,
    maskedCharge,
  ),
  scene(
    'part of the amount, then all of it',
    started,
    says('ORDER_PARTIAL_CHARGED', 'PARTIAL_CHARGED', 4, {
      attempt: first('PARTIAL_CHARGED', { amount: 600 }),
    }),
    says('ORDER_SUCCEEDED', 'CHARGED', 9, { attempt: first('CHARGED') }),
    created,
    maskedCharge,
    answers('CHARGED', 10, { attempt: first('CHARGED') }),
  ),
  scene(
    'a discount and a surcharge',
    created,
    started,
    says('ORDER_SUCCEEDED', 'CHARGED', 4, { attempt: first('CHARGED'), extra: { effective_amount: 950.5 } }),
    says('ORDER_UPDATED', 'CHARGED', 5, {
      attempt: first('CHARGED'),
      extra: { effective_amount: '1020.25' },
    }),
    maskedCharge,
    charged,
  ),
  scene(
    'answers between the messages',
    created,
    answers('PENDING_VBV', 2, { attempt: first('PENDING_VBV') }),
    started,
    charged,
    answers('CHARGED', 5, { attempt: first('CHARGED') }),
    answers('CHARGED', 40, { attempt: first('CHARGED'), extra: MASKED }),
  ),
]

const REFUNDS: readonly Scene[] = [
  scene(
    'a refund of a part',
    charged,
    refunded('REFUND_INITIATED', 10, [refund('R1', 'PENDING', 100.25)]),
    refunded('ORDER_REFUNDED', 12, [refund('R1', 'SUCCESS', 100.25)]),
    refunded('REFUND_ARN_CAPTURED', 14, [refund('R1', 'SUCCESS', 100.25)]),
    refunded('ORDER_UPDATED', 15, [refund('R1', 'SUCCESS', 100.25)], MASKED),
    charged,
  ),
  scene(
    'two parts that make the whole',
    charged,
    refunded('REFUND_INITIATED', 10, [refund('R1', 'PENDING', 400)]),
    refunded('ORDER_REFUNDED', 12, [refund('R1', 'SUCCESS', 400)]),
    refunded('REFUND_INITIATED', 13, [refund('R1', 'SUCCESS', 400), refund('R2', 'PENDING', 600)]),
    refunded('ORDER_REFUNDED', 16, [refund('R1', 'SUCCESS', 400), refund('R2', 'SUCCESS', 600)]),
    started,
  ),
  scene(
    'a refund that failed',
    charged,
    refunded('REFUND_INITIATED', 10, [refund('R1', 'PENDING', 500)]),
    refunded('ORDER_REFUND_FAILED', 12, [refund('R1', 'FAILURE', 500)]),
    refunded('ORDER_UPDATED', 13, [refund('R1', 'FAILURE', 500)], MASKED),
    refunded('REFUND_INITIATED', 10, [refund('R1', 'PENDING', 500)]),
    answers('CHARGED', 14, { attempt: first('CHARGED'), refunds: [refund('R1', 'FAILURE', 500)] }),
  ),
  scene(
    'a refund that failed and one that succeeded',
    charged,
    refunded('REFUND_INITIATED', 10, [refund('R1', 'PENDING', 500)]),
    refunded('ORDER_REFUND_FAILED', 12, [refund('R1', 'FAILURE', 500)]),
    refunded('REFUND_INITIATED', 20, [refund('R1', 'FAILURE', 500), refund('R2', 'PENDING', 500)]),
    refunded('ORDER_REFUNDED', 22, [refund('R1', 'FAILURE', 500), refund('R2', 'SUCCESS', 500)]),
    maskedCharge,
  ),
  scene(
    'a refund told failed and then succeeded',
    charged,
    refunded('REFUND_INITIATED', 10, [refund('R1', 'PENDING', 500)]),
    refunded('ORDER_REFUND_FAILED', 12, [refund('R1', 'FAILURE', 500)]),
    refunded('ORDER_REFUNDED', 19, [refund('R1', 'SUCCESS', 500)]),
    refunded('ORDER_REFUND_FAILED', 12, [refund('R1', 'FAILURE', 500)]),
    started,
  ),
  scene(
    'a refund in review',
    charged,
    refunded('REFUND_INITIATED', 10, [refund('R1', 'PENDING', 500)]),
    refunded('REFUND_MANUAL_REVIEW_NEEDED', 12, [refund('R1', 'MANUAL_REVIEW', 500)]),
    refunded('ORDER_REFUNDED', 19, [refund('R1', 'SUCCESS', 500)]),
    refunded('REFUND_MANUAL_REVIEW_NEEDED', 12, [refund('R1', 'MANUAL_REVIEW', 500)]),
    created,
  ),
  scene(
    'a refund made in the portal',
    charged,
    refunded('REFUND_INITIATED', 10, [refund('P1', 'PENDING', 250, { initiatedBy: 'ops@shop.test' })]),
    refunded('ORDER_REFUNDED', 12, [refund('P1', 'SUCCESS', 250, { initiatedBy: 'ops@shop.test' })]),
    answers('CHARGED', 13, {
      attempt: first('CHARGED'),
      refunds: [refund('P1', 'SUCCESS', 250, { initiatedBy: 'ops@shop.test' })],
    }),
    created,
    started,
  ),
  scene(
    'a refund told by itself, before its order',
    refundOnly('REFUND_SUCCEEDED', 12, refund('P1', 'SUCCESS', 250)),
    charged,
    started,
    refundOnly('REFUND_INITIATED', 10, refund('P1', 'PENDING', 250)),
    created,
    refundOnly('REFUND_SUCCEEDED', 12, refund('P1', 'SUCCESS', 250)),
  ),
  scene(
    'refunds beyond the charge',
    charged,
    refunded('ORDER_REFUNDED', 12, [refund('P1', 'SUCCESS', 800)]),
    refunded('ORDER_REFUNDED', 14, [refund('P2', 'SUCCESS', 700)]),
    refunded('ORDER_REFUND_FAILED', 16, [refund('P2', 'FAILURE', 700)]),
    created,
    started,
  ),
  scene(
    'returned by Juspay',
    charged,
    returned('AUTO_REFUND_INITIATED', 20, 'PENDING'),
    returned('AUTO_REFUND_SUCCEEDED', 25, 'SUCCESS'),
    returned('AUTO_REFUND_INITIATED', 20, 'PENDING'),
    declined,
    answers('AUTO_REFUNDED', 30, { attempt: first('AUTO_REFUNDED') }),
  ),
  scene(
    'returned by Juspay at the second try',
    charged,
    returned('AUTO_REFUND_INITIATED', 20, 'PENDING'),
    returned('AUTO_REFUND_FAILED', 22, 'FAILURE'),
    returned('AUTO_REFUND_SUCCEEDED', 40, 'SUCCESS'),
    started,
    returned('AUTO_REFUND_FAILED', 22, 'FAILURE'),
  ),
]

const ODDITIES: readonly Scene[] = [
  scene(
    'a dispute that is won',
    charged,
    dispute('RECEIVED', 50),
    dispute('EVIDENCE_REQUIRED', 55, { metadata: { respond_by: '2026-12-08' } }),
    dispute('RESOLVED_IN_MERCHANT_FAVOUR', 59),
    dispute('RECEIVED', 50),
    maskedCharge,
  ),
  scene(
    'a dispute that is lost, and a refund',
    charged,
    dispute('RECEIVED', 50),
    refunded('ORDER_REFUNDED', 52, [refund('R1', 'SUCCESS', 100)]),
    dispute('RESOLVED_IN_CUSTOMER_FAVOUR', 59),
    dispute('UNDER_REVIEW', 53, { order_id: 'FILTERED', amount: 'FILTERED' }),
    created,
  ),
  scene(
    'two disputes of one order',
    charged,
    dispute('RECEIVED', 50),
    dispute('CANCELED', 53),
    dispute('RECEIVED', 51, { id: `cb_2-${SCENE_ORDER}` }),
    dispute('EXPIRED', 54, { id: `cb_2-${SCENE_ORDER}` }),
    started,
  ),
  scene(
    'a mandate and its notices',
    charged,
    mandate('MANDATE_CREATED', 'CREATED', 4),
    mandate('MANDATE_ACTIVATED', 'ACTIVE', 6),
    mandate('MANDATE_PAUSED', 'PAUSED', 8, { order_id: 'FILTERED', max_amount: 'FILTERED' }),
    notice('NOTIFICATION_FAILED', 9),
    notice('NOTIFICATION_SUCCEEDED', 12),
  ),
  scene(
    'variants of one event in other bytes',
    started,
    charged,
    variantOf(charged, { amount: '1000.00', last_updated: at(5) }),
    variantOf(charged, { customer_email: 'other@example.test' }),
    variantOf(charged, { ...MASKED, description: 'Two kurtas' }),
    created,
  ),
  scene(
    'contradictions of one instant',
    created,
    variantOf(created, { description: 'a', customer_email: 'b@x.test' }),
    variantOf(created, { description: 'b', customer_email: 'a@x.test' }),
    variantOf(created, { description: 'FILTERED', amount: '999.99' }),
    charged,
    variantOf(charged, { amount: 1_001 }),
  ),
  scene(
    'words that nobody knows',
    started,
    says('ORDER_UPDATED', 'TELEPORTED', 9, { attempt: first('TELEPORTED') }),
    charged,
    refunded('ORDER_UPDATED', 12, [refund('R1', 'EVAPORATED', 10)]),
    refunded('ORDER_REFUNDED', 13, [refund('R1', 'SUCCESS', 10)]),
    created,
  ),
  scene(
    'messages without a date',
    { ...charged, json: { ...charged.json, date_created: 'RIPPIFILTEREDT14:32:05Z' } },
    says('ORDER_SUCCEEDED', 'CHARGED', 4, {
      attempt: first('CHARGED'),
      extra: { last_updated: 'FILTERED', date_created: '1111111T07:00:40Z', description: 'x' },
    }),
    says('ORDER_UPDATED', 'CHARGED', 9, {
      attempt: first('CHARGED'),
      extra: { last_updated: null, description: 'y' },
    }),
    created,
    started,
    declined,
  ),
  scene(
    'two instruments, one after the other',
    started,
    says('ORDER_PARTIAL_CHARGED', 'PARTIAL_CHARGED', 4, { attempt: first('CHARGED', { amount: 600 }) }),
    attemptOnly('TXN_CREATED', 5, second('PENDING_VBV', { amount: 400 })),
    answers('PARTIAL_CHARGED', 6, { attempt: first('CHARGED', { amount: 600 }) }),
    attemptOnly('TXN_CHARGED', 9, second('CHARGED', { amount: 400 })),
    created,
  ),
]

/** The lives of at most six messages, for every order. */
export const SCENES: readonly Scene[] = [...PAYMENTS, ...REFUNDS, ...ODDITIES]

function scene(name: string, ...messages: Message[]): Scene {
  return { name, messages }
}
