import type { JuspayClient } from '../juspay/client.ts'
import type { Store } from '../store/store.ts'

/** What jobs and feeds wake up on. A wake-up carries no data and may be lost: everyone polls as well. */
export type WakeTopic = 'events' | 'refunds' | 'live'

/** The merchant account as services need it; credentials stay inside the Juspay client made from them. */
export type AccountRef = { id: string; slug: string; currency: string; juspayMerchantId: string }

export type Log = {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** Everything a use case needs from outside, injected, so that tests and simulation can replace time and the network. */
export type Deps = {
  store: Store
  /** The client of one merchant account, with its credentials; cached per account by the composition root. */
  juspay(accountId: string): Promise<JuspayClient>
  clock: { now(): Date }
  ids: { uuid(): string }
  /** Wakes jobs and feeds, here and in other processes. Call after the commit. */
  wake(topic: WakeTopic): void
  log: Log
  /** Secret from which refund keys are derived (`unique_request_id`); never leaves the server. */
  refundKeySecret: Uint8Array
}
