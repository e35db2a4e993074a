import { createHash } from 'node:crypto'
import { eventRefOf, object, parseBody, ref } from '../juspay/wire.ts'

/** What a delivery is known by before anything is processed. */
export type Envelope = {
  dedupeKey: string
  bodySha256: Buffer
  eventRef: string | null
  eventName: string | null
}

/**
 * Reads as much of the envelope (API reference §6.3) as there is; never throws. The dedupe key is the event's `id`,
 * else the hash of the bytes (reliability §3.1).
 */
export function readEnvelope(body: Uint8Array): Envelope {
  const bodySha256 = createHash('sha256').update(body).digest()
  const parsed = parseBody(body)
  const json = parsed.ok ? parsed.json : undefined
  const eventRef = eventRefOf(json)
  return {
    dedupeKey: eventRef ?? `sha256:${bodySha256.toString('hex')}`,
    bodySha256,
    eventRef,
    eventName: ref(object(json)?.['event_name']),
  }
}
