import { titleCase } from './title-case.ts'

/** With what an order or an attempt was paid, in Juspay's words. */
export type PaidBy = {
  methodType: string | null
  method: string | null
  cardBrand: string | null
  cardLast4: string | null
}

const TYPES: Readonly<Record<string, string>> = {
  CARD: 'Card',
  UPI: 'UPI',
  NB: 'Net banking',
  WALLET: 'Wallet',
  CONSUMER_FINANCE: 'Pay later',
  CASH: 'Cash',
}

/** Banks, card brands and wallets that write themselves otherwise than their code. */
const NAMES: Readonly<Record<string, string>> = {
  AMEX: 'Amex',
  AMERICAN_EXPRESS: 'Amex',
  RUPAY: 'RuPay',
  JCB: 'JCB',
  MOBIKWIK: 'MobiKwik',
  AMAZONPAY: 'Amazon Pay',
  PHONEPE: 'PhonePe',
  FREECHARGE: 'Freecharge',
  OLAMONEY: 'Ola Money',
  LAZYPAY: 'LazyPay',
  GOOGLEPAY: 'Google Pay',
  PAYPAL: 'PayPal',
  BOB: 'Bank of Baroda',
  PNB: 'PNB',
}

/** Juspay's kind of method as people write it: NB is "Net banking", and an unknown one is title-cased. */
export function methodTypeLabel(type: string): string {
  return TYPES[type.toUpperCase()] ?? titleCase(type)
}

/** A bank, brand or wallet as people write it: NB_HDFC is "HDFC", RUPAY "RuPay", and an unknown code is title-cased. */
export function methodName(code: string): string {
  const plain = code.toUpperCase().replace(/^(NB|JP)_/, '')
  return NAMES[plain] ?? titleCase(plain)
}

/** "Visa ··4242", "UPI", "Net banking, HDFC"; null before the customer has chosen. */
export function methodLabel(paid: PaidBy): string | null {
  if (paid.cardLast4 !== null)
    return `${methodName(paid.cardBrand ?? paid.method ?? 'card')} ··${paid.cardLast4}`
  const type = paid.methodType?.toUpperCase() ?? null
  if (type === 'UPI') return 'UPI'
  const kind = type === null ? null : methodTypeLabel(type)
  const method = paid.method === null ? null : methodName(paid.method)
  if (kind === null || method === null || method === kind) return kind ?? method
  return `${kind}, ${method}`
}
