/**
 * Explains a signed payload (API reference §2.4): which key made the signature, and when none did, which of the known
 * mistakes makes it fit. Needs public halves only; nothing is stored.
 */
import { constants, createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { timestampFinding } from '../domain/inspection.ts'
import type { Finding, Inspection } from '../domain/inspection.ts'

/** A key of the account, as far as it can verify. */
export type KnownKey = { keyId: string; publicKeyPem: string; retired: boolean }

export type PastedPayload = {
  /** The signed text as it was sent, or the whole payload of Initiate or Process with text, signature and key id in it. */
  text: string
  signature: string
  merchantKeyId: string
}

/** What is known about the account: its keys, its name at Juspay, and the time. */
export type InspectedAccount = { keys: readonly KnownKey[]; merchantId: string; now: Date }

type Signed = { text: string; signature: string; keyId: string }

/** Explains one signed payload. Never throws. */
export function inspectPayload(pasted: PastedPayload, account: InspectedAccount): Inspection {
  const signed = unpacked(pasted)
  const base = { kind: 'payload' as const, signedText: signed.text, key: null }
  const answer = (verdict: Inspection['verdict'], findings: Finding[], key: string | null = null) => ({
    ...base,
    verdict,
    findings,
    key,
  })
  if (signed.text.trim() === '')
    return {
      ...answer('unreadable', [
        { code: 'unreadable', words: 'There is nothing to verify: paste the signed text.' },
      ]),
      signedText: null,
    }
  if (signed.signature.trim() === '')
    return answer('unsigned', [{ code: 'unsigned', words: 'There is no signature beside it.' }])
  if (account.keys.length === 0)
    return answer('unknown', [{ code: 'no_key', words: 'This account has no signing key here.' }])
  const named = account.keys.find(({ keyId }) => keyId === signed.keyId)
  if (named && fits(signed.text, signed.signature, named)) {
    const notes = notesOf(signed.text, account)
    if (!named.retired) return answer('valid', notes, named.keyId)
    const words = `The key ${named.keyId} made it, but it is retired: Juspay may not take it any more.`
    return answer('invalid', [{ code: 'retired_key', words }, ...notes], named.keyId)
  }
  return answer('invalid', [mistakeOf(signed, account.keys, named)], named?.keyId ?? null)
}

/** Text, signature and key id, also out of a whole payload: `orderDetails` or `signaturePayload` hold the text. */
function unpacked({ text, signature, merchantKeyId }: PastedPayload): Signed {
  const whole = objectOf(text)
  const inner = objectIn(whole?.['payload']) ?? whole
  const found = inner?.['orderDetails'] ?? inner?.['signaturePayload']
  if (typeof found !== 'string') return { text, signature, keyId: merchantKeyId.trim() }
  const told = (name: string, typed: string) => (typed.trim() === '' ? plain(inner?.[name]) : typed)
  return {
    text: found,
    signature: told('signature', signature),
    keyId: told('merchantKeyId', merchantKeyId).trim(),
  }
}

function notesOf(text: string, account: { merchantId: string; now: Date }): Finding[] {
  const details = objectOf(text)
  if (details === null) return []
  const notes: Finding[] = []
  if (typeof details['amount'] === 'number')
    notes.push({
      code: 'amount_as_number',
      words: 'amount is a number. Send decimal text, such as "499.00".',
    })
  if (details['merchant_id'] !== undefined && details['merchant_id'] !== account.merchantId)
    notes.push({
      code: 'other_merchant',
      words: `merchant_id is ${plain(details['merchant_id'])}, and this account is ${account.merchantId}.`,
    })
  const time = timestampFinding(details['timestamp'], account.now)
  return time === null ? notes : [...notes, time]
}

/** Why the named key did not make this signature over this text. */
function mistakeOf(signed: Signed, keys: readonly KnownKey[], named: KnownKey | undefined): Finding {
  const other = keys.find((key) => fits(signed.text, signed.signature, key))
  if (other)
    return {
      code: 'wrong_key_id',
      words: `The key ${other.keyId} made the signature, but merchantKeyId says ${signed.keyId || 'nothing'}.`,
    }
  const order = named ? [named, ...keys.filter((key) => key !== named)] : keys
  for (const key of order) {
    const mistake = variantThatFits(signed, key)
    if (mistake) return mistake
  }
  if (!named)
    return {
      code: 'wrong_key_id',
      words: `No key here has the id ${signed.keyId || '(none)'}, and none of ours made the signature.`,
    }
  return {
    code: 'signature_differs',
    words:
      'The signature belongs to another text or to a key that is not here. Send the very bytes that were signed.',
  }
}

const RESERIALISED = 'was signed. Send the text that was signed; never parse and write it again.'

function variantThatFits(signed: Signed, key: KnownKey): Finding | null {
  for (const [code, words, signature] of signatureVariants(signed.signature))
    if (fits(signed.text, signature, key)) return { code, words }
  for (const { code, words, text } of textVariants(signed.text))
    if (text !== signed.text && fits(text, signed.signature, key)) return { code, words }
  const scheme = otherScheme(signed, key)
  return scheme === null ? null : { code: 'other_scheme', words: scheme }
}

function* signatureVariants(signature: string): Generator<[Finding['code'], string, string]> {
  const text = signature.trim()
  if (/^[0-9a-f]+$/i.test(text))
    yield [
      'hex_signature',
      'The signature is hexadecimal. It must be base64.',
      Buffer.from(text, 'hex').toString('base64'),
    ]
  if (/[-_]/.test(text))
    yield [
      'base64url_signature',
      'The signature is base64url. Use the standard alphabet with + and /.',
      Buffer.from(text, 'base64url').toString('base64'),
    ]
  if (text.includes('%'))
    yield ['double_encoding', 'The signature is percent-encoded. Send it as it is.', decoded(text)]
  if (text.includes(' '))
    yield [
      'double_encoding',
      'A + of the signature became a space on the way: it was not encoded in a form or an address.',
      text.replaceAll(' ', '+'),
    ]
}

type TextVariant = { code: Finding['code']; words: string; text: string }

function* textVariants(text: string): Generator<TextVariant> {
  yield {
    code: 'surrounding_space',
    words: 'Space or a line break was added around the signed text.',
    text: text.trim(),
  }
  yield {
    code: 'surrounding_space',
    words: 'The signed text ended with a line break, which is missing now.',
    text: `${text}\n`,
  }
  const unquoted = parsed(text)
  if (typeof unquoted === 'string')
    yield {
      code: 'escaped_text',
      words:
        'This is the text as a JSON string, in quotes and with backslashes. What was signed is the text inside.',
      text: unquoted,
    }
  const details = objectOf(text)
  if (details === null) return
  yield* numberVariants(details)
  for (const [how, written] of writings(details))
    yield {
      code: 'reserialised_json',
      words: `The JSON was written again: ${how} ${RESERIALISED}`,
      text: written,
    }
}

/** An amount that was text when it was signed and is a number now, or the other way round. */
function* numberVariants(details: Record<string, unknown>): Generator<TextVariant> {
  const { amount } = details
  const words =
    'amount was changed between number and text after signing. It must stay decimal text, such as "499.00".'
  const others =
    typeof amount === 'number'
      ? [String(amount), amount.toFixed(1), amount.toFixed(2)]
      : typeof amount === 'string' && /^\d+(\.\d+)?$/.test(amount)
        ? [Number(amount)]
        : []
  for (const other of others)
    for (const [, text] of writings({ ...details, amount: other }))
      yield { code: 'amount_as_number', words, text }
}

function writings(details: Record<string, unknown>): [string, string][] {
  const sorted = Object.fromEntries(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1)))
  const spaced = (value: Record<string, unknown>) =>
    `{${Object.entries(value)
      .map(([name, each]) => `${JSON.stringify(name)}: ${JSON.stringify(each)}`)
      .join(', ')}}`
  return [
    ['the form without spaces', JSON.stringify(details)],
    ['the form with spaces after : and ,', spaced(details)],
    ['the form indented by two', JSON.stringify(details, null, 2)],
    ['the form indented by four', JSON.stringify(details, null, 4)],
    ['the form with its keys in alphabetical order', JSON.stringify(sorted)],
    ['the form with its keys in alphabetical order and spaces', spaced(sorted)],
  ]
}

/** Signatures that are right in themselves, of a kind Juspay does not take. */
function otherScheme({ text, signature }: Signed, key: KnownKey): string | null {
  const bytes = Buffer.from(signature, 'base64')
  const publicKey = keyOf(key)
  if (publicKey === null) return null
  const pss = {
    key: publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_AUTO,
  }
  if (verified('RSA-SHA256', text, pss, bytes))
    return 'It is signed with PSS padding. Juspay wants PKCS#1 v1.5.'
  for (const hash of ['SHA1', 'SHA384', 'SHA512'])
    if (verified(`RSA-${hash}`, text, publicKey, bytes))
      return `It is signed over ${hash}. Juspay wants SHA-256.`
  const encoded = Buffer.from(text, 'utf8').toString('base64')
  return verified('RSA-SHA256', encoded, publicKey, bytes)
    ? 'The base64 of the text was signed. Sign the text itself.'
    : null
}

function fits(text: string, signature: string, key: KnownKey): boolean {
  const publicKey = keyOf(key)
  return publicKey !== null && verified('RSA-SHA256', text, publicKey, Buffer.from(signature, 'base64'))
}

function verified(
  algorithm: string,
  text: string,
  key: Parameters<typeof verify>[2],
  signature: Buffer,
): boolean {
  try {
    return verify(algorithm, Buffer.from(text, 'utf8'), key, signature)
  } catch {
    return false
  }
}

function keyOf({ publicKeyPem }: KnownKey): KeyObject | null {
  try {
    return createPublicKey(publicKeyPem)
  } catch {
    return null
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function objectIn(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

function objectOf(text: string): Record<string, unknown> | null {
  return objectIn(parsed(text))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A scalar as text; nothing for what is none. */
function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
