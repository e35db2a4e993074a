/** Notices to the customer before a debit, as Juspay tells them (API reference §6.4 `content.notification`). */
import type { ProviderNotification } from '../domain/mandate.ts'
import type { EventContext } from './translate-mandate.ts'
import { amount, instant, object, ref, word } from './wire.ts'
import type { Json } from './wire.ts'

const NAMED_STATUS: Readonly<Record<string, string>> = {
  NOTIFICATION_SUCCEEDED: 'SUCCESS',
  NOTIFICATION_FAILED: 'FAILURE',
}

/** Reads a notice. The amount has no currency of its own: it is in the account's. */
export function notificationOf(json: Json | undefined, event: EventContext): ProviderNotification | null {
  const notice = object(json)
  if (!notice) return null
  const source = object(notice['source_info']) ?? {}
  return {
    mandateRef: ref(object(notice['mandate'])?.['mandate_id']),
    notificationRef: ref(notice['id']),
    providerStatus: word(notice['status']) ?? NAMED_STATUS[event.name?.trim().toUpperCase() ?? ''] ?? null,
    amountMinor: amount(source['amount'], event.currency),
    debitAt: instant(source['txn_date']),
    statedAt: instant(notice['last_updated']) ?? event.occurredAt ?? instant(notice['date_created']),
  }
}
