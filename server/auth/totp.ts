/** One-time codes by time (RFC 6238 over RFC 4226): SHA-1, six digits, thirty seconds, as every authenticator app does. */
import { createHmac, timingSafeEqual } from 'node:crypto'

const PERIOD_MS = 30_000
const DIGITS = 6
/** Clocks of phones are off by some seconds: the step before and the step after are taken too (NIST SP 800-63B §5.1.4.2). */
const DRIFT_STEPS = 1

/** The number of the thirty seconds that `now` lies in. */
export function stepAt(now: Date): bigint {
  return BigInt(Math.floor(now.getTime() / PERIOD_MS))
}

/** The code of one step. */
export function codeOf(secret: Uint8Array, step: bigint): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(step)
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = digest.readUInt8(digest.length - 1) & 0x0f
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** The step whose code this is, or null. All steps are compared, always, whichever of them matches. */
export function stepOfCode(secret: Uint8Array, code: string, now: Date): bigint | null {
  const given = Buffer.from(code.padEnd(DIGITS).slice(0, DIGITS), 'latin1')
  let found: bigint | null = null
  for (let by = -DRIFT_STEPS; by <= DRIFT_STEPS; by++) {
    const step = stepAt(now) + BigInt(by)
    if (timingSafeEqual(given, Buffer.from(codeOf(secret, step)))) found = step
  }
  return code.length === DIGITS ? found : null
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base32 without padding, as authenticator apps want it typed. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32.charAt((value >>> bits) & 31)
    }
    value &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + BASE32.charAt((value << (5 - bits)) & 31)
}

/** What the QR code holds. */
export function otpauthUri(input: { secret: Uint8Array; issuer: string; account: string }): string {
  const label = `${encodeURIComponent(input.issuer)}:${encodeURIComponent(input.account)}`
  const params = new URLSearchParams({ secret: base32(input.secret), issuer: input.issuer })
  return `otpauth://totp/${label}?${params.toString()}`
}
