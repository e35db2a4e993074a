/** Mandates as Juspay tells them (API reference §6.4 `content.mandate`). */
import type { ProviderMandate } from '../domain/mandate.ts'
import { amount, currencyCode, flag, instant, object, ref, text, word } from './wire.ts'
import type { Json } from './wire.ts'

/** What an event's name says about the mandate, for bodies whose status is masked. MANDATE_UPDATED says nothing. */
const NAMED_STATUS: Readonly<Record<string, string>> = {
  MANDATE_CREATED: 'CREATED',
  MANDATE_ACTIVATED: 'ACTIVE',
  MANDATE_UNPAUSED: 'ACTIVE',
  MANDATE_PAUSED: 'PAUSED',
  MANDATE_FAILED: 'FAILURE',
  MANDATE_REVOKED: 'REVOKED',
  MANDATE_EXPIRED: 'EXPIRED',
}

/** The event around a body, and the account's currency for bodies that name none. */
export type EventContext = { name: string | null; occurredAt: Date | null; currency: string }

/**
 * Reads a mandate. Its tokens stay in the raw body: they allow debits, and nothing here needs them.
 * @returns `null` when there is no `mandate_id` to know it by.
 */
export function mandateOf(json: Json | undefined, event: EventContext): ProviderMandate | null {
  const mandate = object(json)
  const mandateRef = ref(mandate?.['mandate_id'])
  if (!mandate || mandateRef === null) return null
  const payment = object(mandate['payment_info']) ?? {}
  const currency = currencyCode(mandate['currency'])
  return {
    mandateRef,
    orderRef: ref(mandate['order_id']),
    // Inside orders the same object calls it `mandate_status`.
    providerStatus:
      word(mandate['status']) ??
      word(mandate['mandate_status']) ??
      NAMED_STATUS[event.name?.trim().toUpperCase() ?? ''] ??
      null,
    mandateType: word(mandate['mandate_type']),
    frequency: word(mandate['frequency']),
    amountRule: word(mandate['amount_rule']),
    maxAmountMinor: amount(mandate['max_amount'], currency ?? event.currency),
    currency,
    customerRef: ref(mandate['customer_id']),
    methodType: text(payment['payment_method_type']),
    method: text(payment['payment_method']),
    revocable: flag(mandate['revokable_by_customer']),
    blocksFunds: flag(mandate['block_fund']),
    startsAt: instant(mandate['start_date']),
    endsAt: instant(mandate['end_date']),
    activatedAt: instant(mandate['activated_at']),
    statedAt: instant(mandate['last_updated']) ?? event.occurredAt,
  }
}
