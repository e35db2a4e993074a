/** Where refunded money goes: always the way it came. */
export type PaidWith = {
  gateway: string | null
  methodType: string | null
  method: string | null
  cardBrand: string | null
  cardLast4: string | null
  payerVpa: string | null
}

const METHOD_TYPES: Readonly<Record<string, string>> = {
  CARD: 'Card',
  UPI: 'UPI',
  NB: 'Net banking',
  WALLET: 'Wallet',
  CONSUMER_FINANCE: 'Pay later',
  CASH: 'Cash',
}

/** "CASHFREE" as "Cashfree", "PAYTM_V2" as "Paytm V2". */
function named(word: string): string {
  return word
    .split(/[_\s]+/)
    .filter((part) => part !== '')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join(' ')
}

function methodText(paid: PaidWith): string {
  if (paid.cardLast4 !== null) return `${named(paid.cardBrand ?? paid.method ?? 'card')} ··${paid.cardLast4}`
  const type = paid.methodType?.toUpperCase() ?? null
  if (type === 'UPI') return 'UPI'
  const kind = type === null ? null : (METHOD_TYPES[type] ?? named(type))
  const method = paid.method === null ? null : named(paid.method.replace(/^(NB|JP)_/, ''))
  if (kind === null) return method ?? 'Original payment method'
  return method === null || method === kind ? kind : `${kind}, ${method}`
}

/** For people: "Mastercard ··8210 through Cashfree". */
export function destinationText(paid: PaidWith): string {
  return paid.gateway === null ? methodText(paid) : `${methodText(paid)} through ${named(paid.gateway)}`
}

/** The facts behind an approval: enough to tell one payment's way back from another's, none that senders mask at will. */
const AGREED = ['gateway', 'methodType', 'method', 'cardLast4'] as const

/** For the approval hash: the facts themselves, so that new wording does not invalidate open requests. */
export function destinationFacts(paid: PaidWith): string {
  return JSON.stringify(AGREED.map((field) => paid[field]))
}

/**
 * Every destination that, known in more detail, is this one. A later message may say what an earlier one left out or
 * masked (API reference §6.4), and learning more is not a change of what was agreed to; a different word is.
 */
export function knownBefore(paid: PaidWith): string[] {
  return AGREED.reduce<PaidWith[]>(
    (all, field) => (paid[field] === null ? all : [...all, ...all.map((one) => ({ ...one, [field]: null }))]),
    [paid],
  ).map(destinationFacts)
}
