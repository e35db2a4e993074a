/**
 * Why a payment failed, in words a customer understands. Gateways and banks send codes and sentences of their own
 * (API reference §3.5: `bank_error_code`, `bank_error_message`, `resp_code`), which name systems and sometimes people:
 * they are matched, never repeated.
 */
import type { TellLanguage } from './refund-tell.ts'

export const FAILURE_REASONS = [
  'not_finished',
  'cancelled',
  'expired',
  'wrong_secret',
  'too_little_money',
  'over_limit',
  'card_expired',
  'card_blocked',
  'wrong_details',
  'suspected',
  'bank_unreachable',
  'bank_refused',
  'refused_before_bank',
  'not_said',
] as const

export type FailureReason = (typeof FAILURE_REASONS)[number]

/** First match wins: the narrow ones stand before "declined", which every bank says about everything. */
const MATCHES: readonly (readonly [FailureReason, RegExp])[] = [
  ['too_little_money', /insufficient|not sufficient|low balance|balance is less|not enough (funds|balance)/i],
  ['over_limit', /limit.{0,20}(exceed|reach)|exceed.{0,30}limit|velocity|maximum amount/i],
  ['card_expired', /expired? card|card.{0,12}expired/i],
  [
    'card_blocked',
    /(card|account).{0,20}(block|inactive|restricted|not (enabled|active|allowed))|lost card|stolen/i,
  ],
  [
    'wrong_secret',
    /(wrong|incorrect|invalid).{0,12}(pin|otp|password|cvv|cvc)|(otp|pin).{0,12}(mismatch|incorrect|wrong)/i,
  ],
  [
    'cancelled',
    /cancel|user[_ ]?declin|declined by (the )?(user|customer|payer)|user (abort|drop)|back button/i,
  ],
  ['expired', /time(d)?[_ ]?out|expired|not responded|no response from (the )?(user|customer)/i],
  [
    'wrong_details',
    /invalid (vpa|upi|card number|account)|(vpa|upi id) (not|does not)|incorrect (details|card)/i,
  ],
  ['suspected', /fraud|risk|suspected|security/i],
  [
    'bank_unreachable',
    /(bank|issuer|switch|psp).{0,24}(down|unavailable|not available|inoperative|unreachable)|technical|internal error|service unavailable/i,
  ],
  ['not_finished', /not complete.{0,8}authenti|authenti\w+ (failed|was not)|did not complete|3d.?s/i],
  ['bank_refused', /declin|do not hono|refus|reject|not permitted|not authori/i],
]

/** ISO 8583 response codes that banks use everywhere; UPI and gateways wrap them. */
const CODES: Readonly<Record<string, FailureReason>> = {
  '51': 'too_little_money',
  '61': 'over_limit',
  '65': 'over_limit',
  '54': 'card_expired',
  '55': 'wrong_secret',
  '75': 'wrong_secret',
  '14': 'wrong_details',
  '41': 'card_blocked',
  '43': 'card_blocked',
  '62': 'card_blocked',
  '91': 'bank_unreachable',
  '05': 'bank_refused',
  U69: 'expired',
  TXN_EXPIRED: 'expired',
  USER_DECLINED: 'cancelled',
}

/** What Juspay's own word says when bank and gateway say nothing that is known (API reference §4.1). */
const BY_STATUS: Readonly<Record<string, FailureReason>> = {
  AUTHENTICATION_FAILED: 'not_finished',
  AUTHORIZATION_FAILED: 'bank_refused',
  JUSPAY_DECLINED: 'refused_before_bank',
}

/** The reason of a failed attempt: by the bank's words, its code, and Juspay's status, in that order. */
export function failureReason(failed: {
  providerStatus: string
  errorCode: string | null
  errorMessage: string | null
}): FailureReason {
  const message = failed.errorMessage ?? ''
  const matched = MATCHES.find(([, pattern]) => pattern.test(message))?.[0]
  return (
    matched ?? CODES[(failed.errorCode ?? '').toUpperCase()] ?? BY_STATUS[failed.providerStatus] ?? 'not_said'
  )
}

const WORDS: Readonly<Record<TellLanguage, Readonly<Record<FailureReason, string>>>> = {
  en: {
    not_finished: 'the check by the bank was not finished',
    cancelled: 'the payment was cancelled',
    expired: 'it was not confirmed in time',
    wrong_secret: 'the PIN or code did not match',
    too_little_money: 'there was not enough money in the account',
    over_limit: 'it was over a limit of the account',
    card_expired: 'the card has expired',
    card_blocked: 'the card or account is not open for such payments',
    wrong_details: 'the details of the card or account were not right',
    suspected: 'a safety check stopped it',
    bank_unreachable: 'the bank could not be reached',
    bank_refused: 'the bank refused it',
    refused_before_bank: 'it was refused before it reached the bank',
    not_said: 'the bank did not say why',
  },
  hi: {
    not_finished: 'बैंक की जाँच पूरी नहीं हुई',
    cancelled: 'पेमेंट रद्द किया गया',
    expired: 'समय पर पुष्टि नहीं हुई',
    wrong_secret: 'पिन या कोड मेल नहीं खाया',
    too_little_money: 'खाते में पर्याप्त पैसे नहीं थे',
    over_limit: 'यह खाते की सीमा से अधिक था',
    card_expired: 'कार्ड की अवधि समाप्त हो गई है',
    card_blocked: 'कार्ड या खाता ऐसे पेमेंट के लिए चालू नहीं है',
    wrong_details: 'कार्ड या खाते का विवरण सही नहीं था',
    suspected: 'सुरक्षा जाँच ने इसे रोक दिया',
    bank_unreachable: 'बैंक से संपर्क नहीं हो सका',
    bank_refused: 'बैंक ने इसे मना कर दिया',
    refused_before_bank: 'बैंक तक पहुँचने से पहले ही इसे मना कर दिया गया',
    not_said: 'बैंक ने कारण नहीं बताया',
  },
}

/** The reason as the end of a sentence: "… did not go through: there was not enough money in the account". */
export function failureWords(reason: FailureReason, language: TellLanguage): string {
  return WORDS[language][reason]
}
