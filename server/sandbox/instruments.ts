import type { Gateway, Instrument, MethodType } from './types.ts'

export const GATEWAYS: readonly [Gateway, ...Gateway[]] = ['RAZORPAY', 'PAYU', 'GOCASHFREE', 'HDFC', 'DUMMY']

export const CARD_BRANDS: readonly [string, ...string[]] = ['VISA', 'MASTERCARD', 'RUPAY']

export const BANKS: readonly [string, ...string[]] = ['NB_HDFC', 'NB_ICICI', 'NB_SBI', 'NB_AXIS', 'NB_KOTAK']

export const WALLETS: readonly [string, ...string[]] = ['PAYTM', 'PHONEPE', 'MOBIKWIK', 'AMAZONPAY']

const METHODS: Record<MethodType, readonly [string, ...string[]]> = {
  UPI: ['UPI'],
  CARD: CARD_BRANDS,
  NB: BANKS,
  WALLET: WALLETS,
  CASH: ['CASH'],
}

export type InstrumentWish = {
  type?: string | undefined
  method?: string | undefined
  gateway?: string | undefined
  vpa?: string | undefined
  lastFour?: string | undefined
  app?: string | undefined
}

function isMethodType(value: string | undefined): value is MethodType {
  return value !== undefined && value in METHODS
}

/** A complete instrument from a partial wish; what is unknown falls back to UPI at the DUMMY gateway. */
export function instrumentFrom(wish: InstrumentWish): Instrument {
  const type = isMethodType(wish.type) ? wish.type : 'UPI'
  const methods = METHODS[type]
  // Nobody routes cash: it has a gateway of its own (reference 9.7, 700).
  const routed = GATEWAYS.find((known) => known === wish.gateway) ?? 'DUMMY'
  const gateway = type === 'CASH' ? 'CASH' : routed
  return {
    type,
    method: methods.find((known) => known === wish.method) ?? methods[0],
    gateway,
    vpa: type === 'UPI' ? (wish.vpa ?? 'customer@okhdfcbank') : null,
    lastFour: type === 'CARD' ? (wish.lastFour ?? '4242') : null,
    ...(type === 'UPI' && wish.app ? { app: wish.app } : {}),
  }
}
