import type { SandboxClock } from './clock.ts'
import type { Configuration } from './configuration.ts'
import type { Deliveries, Delivery } from './deliveries.ts'
import type { Sender } from './http-post.ts'
import type { Ledger } from './ledger.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The documented ladder (reference 6.2): 60 s, 2 x 5 min, 5 x 10 min, 5 x 1 h, 3 x 6 h after the first attempt. */
export const RETRY_LADDER_MS: readonly number[] = [
  MINUTE,
  ...Array.from({ length: 2 }, () => 5 * MINUTE),
  ...Array.from({ length: 5 }, () => 10 * MINUTE),
  ...Array.from({ length: 5 }, () => HOUR),
  ...Array.from({ length: 3 }, () => 6 * HOUR),
]

const CONCURRENCY = 4
const LONGEST_NAP_MS = 250
const PROBE_EVERY_MS = 500

/** Sends what is due; an event counts as notified only when the answer is exactly 200 (reference 6.2). */
export type WebhookPump = {
  kick(): void
  /** Resolves when nothing due is left unsent. */
  idle(): Promise<void>
  start(): void
  close(): Promise<void>
}

export type PumpParts = {
  clock: SandboxClock
  configuration: Configuration
  deliveries: Deliveries
  ledger: Ledger
  sender: Sender
  /** Real milliseconds after start in which an unreachable target does not cost attempts. */
  patienceMs: number
  onError: (error: unknown) => void
}

function credentials(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/**
 * One HTTP attempt, logged in the database and the ledger, and the delivery moved along the ladder.
 * An attempt cut by our own shutdown is not recorded: the event stays due.
 */
async function attemptDelivery(parts: PumpParts, delivery: Delivery, isClosed: () => boolean): Promise<void> {
  const { clock, configuration, deliveries, ledger, sender } = parts
  const merchant = configuration.merchant(delivery.merchantId)
  const at = clock.now()
  const startedAt = performance.now()
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'juspay-sandbox',
    ...merchant?.webhookHeaders,
    authorization: credentials(merchant?.webhookUsername ?? '', merchant?.webhookPassword ?? ''),
  }
  const { webhookTimeoutMs } = configuration.settings()
  const outcome = await sender.send('POST', delivery.url, headers, delivery.body, webhookTimeoutMs)
  if (isClosed()) return
  const attempt = delivery.attempts + 1
  const step = RETRY_LADDER_MS[attempt - 1]
  const state = outcome.status === 200 ? 'delivered' : step === undefined ? 'exhausted' : 'due'
  deliveries.logAttempt(delivery.id, at, outcome.status, outcome.error, performance.now() - startedAt)
  deliveries.save({
    ...delivery,
    state,
    attempts: attempt,
    nextAt: at + (step ?? 0),
    lastStatus: outcome.status,
    lastError: outcome.error,
  })
  ledger.append('webhook_attempt', at, {
    deliveryId: delivery.id,
    eventId: delivery.eventId,
    eventName: delivery.eventName,
    merchantId: delivery.merchantId,
    orderId: delivery.orderId,
    url: delivery.url,
    attempt,
    status: outcome.status,
    error: outcome.error,
    state,
  })
}

export function createWebhookPump(parts: PumpParts): WebhookPump {
  const { clock, deliveries, sender } = parts
  const inFlight = new Map<number, string>()
  const waiting: (() => void)[] = []
  let nap: NodeJS.Timeout | null = null
  let running = false
  let closed = false
  let patientUntil = 0
  let probing = false
  const reachable = new Set<string>()

  const isPatient = (url: string) => performance.now() < patientUntil && !reachable.has(new URL(url).origin)

  const probe = async (url: string) => {
    if (probing) return
    probing = true
    const { origin } = new URL(url)
    const answer = await sender.send('GET', `${origin}/healthz`, {}, '', 2_000)
    probing = false
    if (answer.status === 200) reachable.add(origin)
    if (closed) return
    if (answer.status === 200) kick()
    else setTimeout(kick, PROBE_EVERY_MS).unref()
  }

  /** Events of one order leave one at a time and in order; retries may overtake, as at Juspay. */
  const ready = (): Delivery[] => {
    const busy = new Set(inFlight.values())
    const chosen: Delivery[] = []
    for (const delivery of deliveries.due(clock.now())) {
      if (inFlight.has(delivery.id) || busy.has(delivery.orderId)) continue
      if (URL.canParse(delivery.url) && isPatient(delivery.url)) {
        void probe(delivery.url)
        continue
      }
      busy.add(delivery.orderId)
      chosen.push(delivery)
      if (inFlight.size + chosen.length >= CONCURRENCY) break
    }
    return chosen
  }

  const finished = (id: number) => {
    inFlight.delete(id)
    kick()
  }

  const kick = (): void => {
    if (closed) return
    if (inFlight.size < CONCURRENCY) {
      for (const delivery of ready()) {
        inFlight.set(delivery.id, delivery.orderId)
        void attemptDelivery(parts, delivery, () => closed)
          .catch(parts.onError)
          .finally(() => finished(delivery.id))
      }
    }
    if (inFlight.size === 0) for (const resolve of waiting.splice(0)) resolve()
  }

  const loop = () => {
    if (!running) return
    kick()
    const due = deliveries.nextDue()
    const delay = due === null ? LONGEST_NAP_MS : Math.min(LONGEST_NAP_MS, clock.realDelayUntil(due))
    nap = setTimeout(loop, Math.max(20, delay))
  }

  const idle = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      kick()
    })

  return {
    kick,
    idle,
    start() {
      running = true
      patientUntil = performance.now() + parts.patienceMs
      loop()
    },
    async close() {
      running = false
      if (nap) clearTimeout(nap)
      closed = true
      sender.close()
      await Promise.resolve()
      while (inFlight.size > 0) await new Promise((resolve) => setImmediate(resolve))
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}
