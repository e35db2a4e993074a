import type { Ending } from './page-outcomes.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

/** The message the framed page posts; the SDK script turns it into a `process_result` event (reference 8.3). */
export type ResultMessage = {
  source: 'juspay-sandbox'
  /** The session is too old: the SDK says `sessionExpired` before the result (reference 8.2). */
  expired: boolean
  orderId: string
  status: string
  error: boolean
  errorCode: string
  errorMessage: string
  paymentInstrument: string
  paymentInstrumentGroup: string
  returnUrl: string | null
}

const GROUP = {
  UPI: 'UPI',
  CARD: 'CREDIT_CARD',
  NB: 'NET_BANKING',
  WALLET: 'WALLET',
  CASH: 'CASH',
} as const

/** Lower-case client status; leaving before any attempt is `backpressed`, during one `user_aborted`. */
function clientStatus(attempt: AttemptRecord | null, ending: Ending): string {
  if (ending.kind === 'refused') return 'api_failure'
  if (ending.kind === 'left') return attempt === null ? 'backpressed' : 'user_aborted'
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
  ending: Ending,
  returnUrl: string | null,
): ResultMessage {
  const status = clientStatus(attempt, ending)
  const [errorCode, errorMessage] = ending.kind === 'refused' ? ['JP_001', ending.words] : problem(status)
  return {
    source: 'juspay-sandbox',
    expired: ending.kind === 'refused' && ending.expired,
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

/** The visit came to nothing before its order was found: a token nobody gave out, details nobody signed. */
export function refusedMessage(words: string): ResultMessage {
  return {
    source: 'juspay-sandbox',
    expired: false,
    orderId: '',
    status: 'api_failure',
    error: true,
    errorCode: 'JP_001',
    errorMessage: words,
    paymentInstrument: '',
    paymentInstrumentGroup: '',
    returnUrl: null,
  }
}
