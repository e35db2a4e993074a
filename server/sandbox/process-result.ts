import type { AttemptRecord, OrderRecord } from './types.ts'

/** The message the framed page posts; the SDK script turns it into a `process_result` event (reference 8.3). */
export type ResultMessage = {
  source: 'juspay-sandbox'
  orderId: string
  status: string
  error: boolean
  errorCode: string
  errorMessage: string
  paymentInstrument: string
  paymentInstrumentGroup: string
  returnUrl: string | null
}

const GROUP = { UPI: 'UPI', CARD: 'CREDIT_CARD', NB: 'NET_BANKING', WALLET: 'WALLET' } as const

/** Lower-case client status; leaving before any attempt is `backpressed`, during one `user_aborted`. */
function clientStatus(attempt: AttemptRecord | null, left: boolean): string {
  if (left) return attempt === null ? 'backpressed' : 'user_aborted'
  return (attempt?.status ?? 'NEW').toLowerCase()
}

function problem(status: string): [string, string] {
  if (status === 'charged' || status === 'authorized' || status === 'cod_initiated') return ['', '']
  if (status === 'backpressed' || status === 'user_aborted') return ['JP_002', 'User aborted the payment']
  if (status === 'pending_vbv' || status === 'authorizing')
    return ['JP_006', 'Status awaited from the gateway']
  return ['JP_012', 'Unable to process payment']
}

/** How a visit to the framed page ended. */
export function resultMessage(
  order: OrderRecord,
  attempt: AttemptRecord | null,
  left: boolean,
  returnUrl: string | null,
): ResultMessage {
  const status = clientStatus(attempt, left)
  const [errorCode, errorMessage] = problem(status)
  return {
    source: 'juspay-sandbox',
    orderId: order.orderId,
    status,
    error: errorCode !== '',
    errorCode,
    errorMessage,
    paymentInstrument: attempt?.instrument.method ?? '',
    paymentInstrumentGroup: attempt ? GROUP[attempt.instrument.type] : '',
    returnUrl,
  }
}
