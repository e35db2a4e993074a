import { titleCase } from './title-case.ts'

/** Gateways that write themselves otherwise than their code in Juspay's messages (API reference §3.5, `gateway`). */
const NAMES: Readonly<Record<string, string>> = {
  PAYU: 'PayU',
  GOCASHFREE: 'Cashfree',
  CCAVENUE: 'CCAvenue',
  BILLDESK: 'BillDesk',
  PHONEPE: 'PhonePe',
  MOBIKWIK: 'MobiKwik',
  AMAZONPAY: 'Amazon Pay',
  PINELABS: 'Pine Labs',
  LAZYPAY: 'LazyPay',
  PAYPAL: 'PayPal',
}

/** A gateway as people write it: GOCASHFREE is "Cashfree", PAYTM_V2 "Paytm", and a code we do not know is title-cased. */
export function gatewayLabel(code: string): string {
  const plain = code.toUpperCase().replace(/_V\d+$/, '')
  return NAMES[plain] ?? titleCase(plain)
}
