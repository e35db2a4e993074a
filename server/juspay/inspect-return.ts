/**
 * Explains a return URL (API reference §7): what exactly was signed, and when the signature differs, which of the known
 * mistakes makes it fit. Pure: no clock, nothing stored, and the response key is never part of what is told.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Inspection } from '../domain/inspection.ts'
import { returnSignatureText, verifyReturnUrl } from './return-url.ts'

type Pairs = readonly (readonly [string, string])[]

const SIGNATURE_FIELDS = new Set(['signature', 'signature_algorithm'])

/** Parameters of what was pasted: a whole address, its query, or a form body; null when there are none. */
export function pairsOf(pasted: string): Pairs | null {
  const text = pasted.trim()
  const query = text.includes('?') ? text.slice(text.indexOf('?') + 1) : text
  const pairs = [...new URLSearchParams(query.split('#')[0])]
  return pairs.length > 0 && text.includes('=') && !text.startsWith('{') ? pairs : null
}

/** @param responseKey the account's response key; null when it has none, and nothing can be verified */
export function inspectReturn(pasted: string, responseKey: string | null): Inspection {
  const pairs = pairsOf(pasted)
  if (pairs === null) return unreadable()
  const signedText = returnSignatureText(pairs)
  const base = { kind: 'return' as const, signedText, key: responseKey === null ? null : 'response key' }
  if (responseKey === null)
    return {
      ...base,
      verdict: 'unknown',
      findings: [
        { code: 'no_key', words: 'This account has no response key here, so nothing can be verified.' },
      ],
    }
  const verdict = verifyReturnUrl(pairs, responseKey)
  if (verdict.ok) return { ...base, verdict: 'valid', findings: notesOf(pasted) }
  switch (verdict.reason) {
    case 'unsigned':
      return { ...base, verdict: 'unsigned', findings: [UNSIGNED] }
    case 'unknown_algorithm':
      return { ...base, verdict: 'invalid', findings: [ALGORITHM] }
    case 'repeated_parameter':
      return { ...base, verdict: 'invalid', findings: [REPEATED] }
    case 'signature_differs':
      return { ...base, verdict: 'invalid', findings: [mistakeOf(pairs, responseKey)] }
  }
}

function unreadable(): Inspection {
  const words = 'This is no return address: paste the whole address, or what stands behind its question mark.'
  return {
    kind: 'return',
    verdict: 'unreadable',
    signedText: null,
    key: null,
    findings: [{ code: 'unreadable', words }],
  }
}

const UNSIGNED = {
  code: 'unsigned',
  words:
    'There is no signature. At Juspay switch on Settings, General, Use signed response, and create a response key; or somebody took it off.',
} as const
const ALGORITHM = {
  code: 'unknown_algorithm',
  words: 'signature_algorithm is not HMAC-SHA256, which is the only one that is accepted.',
} as const
const REPEATED = {
  code: 'repeated_parameter',
  words: 'A parameter stands there twice: which of the two was signed cannot be known, so it is refused.',
} as const

/** What is worth knowing about a good one. */
function notesOf(pasted: string): Inspection['findings'] {
  return /[?&]signature=[^&]*%25/i.test(`?${pasted}`)
    ? [
        {
          code: 'double_encoding',
          words:
            'The signature is percent-encoded twice. That is accepted: it is decoded until no % is left.',
        },
      ]
    : []
}

type Guess = { code: Inspection['findings'][number]['code']; words: string; fits: () => boolean }

/** Which known mistake makes the signature fit. Each guess takes the response key, so it gives nothing away. */
function mistakeOf(pairs: Pairs, key: string): Inspection['findings'][number] {
  const signature = decodedFully(pairs.find(([name]) => name === 'signature')?.[1] ?? '')
  const rest = pairs.filter(([name]) => !SIGNATURE_FIELDS.has(name))
  const isSigned = (text: string) => same(signature.replaceAll(' ', '+'), hmac(text, key).toString('base64'))
  const fits = (changed: Pairs) => isSigned(returnSignatureText(changed))
  const mapped = (change: (text: string) => string): Pairs =>
    rest.map(([name, value]) => [name, change(value)])
  const guesses: Guess[] = [
    {
      code: 'hex_signature',
      words: 'The signature is hexadecimal. It must be base64 of the 32 bytes.',
      fits: () => same(signature.toLowerCase(), hmac(returnSignatureText(rest), key).toString('hex')),
    },
    {
      code: 'double_encoding',
      words:
        'The values were percent-encoded twice on the way: decoded once more, the signature fits. Look at what stands between Juspay and you.',
      fits: () => fits(mapped(decodedOnce)),
    },
    {
      code: 'double_encoding',
      words:
        'The values were decoded once too often before they were sent on: encoded again, the signature fits.',
      fits: () => fits(mapped(encodeURIComponent)),
    },
    {
      code: 'single_encoding',
      words:
        'What was signed is the joined text itself. After joining, the whole text must be percent-encoded once more.',
      fits: () => isSigned(joined(rest, encodeURIComponent)),
    },
    {
      code: 'values_not_encoded',
      words: 'Keys and values were not percent-encoded before they were joined.',
      fits: () => isSigned(encodeURIComponent(joined(rest, (text) => text))),
    },
    {
      code: 'legacy_form',
      words: 'This is the old form, HMAC of order_id|status. It leaves out the other values and is refused.',
      fits: () => {
        const value = (name: string) => rest.find(([each]) => each === name)?.[1] ?? ''
        const mac = hmac(`${value('order_id')}|${value('status')}`, key)
        return [mac.toString('hex'), mac.toString('base64')].some((text) => same(signature, text))
      },
    },
    ...rest.map(([name]): Guess => ({
      code: 'added_parameter',
      words: `The parameter ${name} was added after signing: without it the signature fits.`,
      fits: () => fits(rest.filter(([each]) => each !== name)),
    })),
  ]
  const found = guesses.find((guess) => guess.fits())
  if (found) return { code: found.code, words: found.words }
  return {
    code: 'signature_differs',
    words:
      'The signature does not belong to these values. A value was changed after signing, or it was signed with another response key.',
  }
}

function joined(pairs: Pairs, encode: (text: string) => string): string {
  return pairs
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function hmac(text: string, key: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function decodedFully(text: string): string {
  let plain = text
  for (let round = 0; round < 3 && plain.includes('%'); round += 1) plain = decodedOnce(plain)
  return plain
}
