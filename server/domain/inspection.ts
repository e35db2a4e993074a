/** What the inspector says about something a developer pasted: the exact text that is signed, the verdict, and why. */

export const INSPECTED_KINDS = ['payload', 'return', 'webhook'] as const
export type InspectedKind = (typeof INSPECTED_KINDS)[number]

/** `unknown` when nothing here can tell; `unsigned` when there is nothing to verify. */
export type InspectionVerdict = 'valid' | 'invalid' | 'unsigned' | 'unreadable' | 'unknown'

export const FINDING_CODES = [
  'unreadable',
  'no_key',
  'unsigned',
  'unknown_algorithm',
  'repeated_parameter',
  'double_encoding',
  'single_encoding',
  'values_not_encoded',
  'hex_signature',
  'base64url_signature',
  'legacy_form',
  'added_parameter',
  'signature_differs',
  'wrong_key_id',
  'retired_key',
  'reserialised_json',
  'amount_as_number',
  'surrounding_space',
  'escaped_text',
  'other_scheme',
  'stale_timestamp',
  'timestamp_in_seconds',
  'no_timestamp',
  'other_merchant',
  'wrong_user_name',
  'wrong_password',
  'previous_password',
  'not_basic',
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

/** The first finding is the cause; the others are worth knowing. */
export type Finding = { code: FindingCode; words: string }

export type Inspection = {
  kind: InspectedKind
  verdict: InspectionVerdict
  /** The exact text that is signed; null when there is none. */
  signedText: string | null
  /** Which key verified, or was to: its id or its name. Never the key. */
  key: string | null
  findings: readonly Finding[]
}

/** A signed time older than this looks replayed to whoever checks it. */
export const STALE_AFTER_MS = 15 * 60_000

/** What is to be said about the `timestamp` of a signed payload. */
export function timestampFinding(timestamp: unknown, now: Date): Finding | null {
  if (timestamp === undefined)
    return { code: 'no_timestamp', words: 'There is no timestamp: a copy of it stays good for ever.' }
  const text = typeof timestamp === 'string' || typeof timestamp === 'number' ? String(timestamp) : ''
  if (/^\d{10}$/.test(text))
    return {
      code: 'timestamp_in_seconds',
      words: 'timestamp is in seconds. Juspay wants epoch milliseconds, 13 digits.',
    }
  if (!/^\d{13}$/.test(text))
    return { code: 'stale_timestamp', words: 'timestamp is no epoch time in milliseconds.' }
  const ageMs = now.getTime() - Number(text)
  const minutes = Math.round(Math.abs(ageMs) / 60_000)
  if (ageMs > STALE_AFTER_MS)
    return {
      code: 'stale_timestamp',
      words: `timestamp is ${minutes} minutes old. Sign when the payment starts, not before.`,
    }
  if (ageMs < -STALE_AFTER_MS)
    return {
      code: 'stale_timestamp',
      words: `timestamp is ${minutes} minutes in the future: your server’s clock is wrong.`,
    }
  return null
}
