import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../server/domain/assert.ts'
import { returnSignature, returnSignatureText, verifyReturnUrl } from '../../../server/juspay/return-url.ts'

/** Published vectors (API reference §7): key, parameters, the text fed to the HMAC, the signature. */
const VECTORS = [
  {
    key: '92206A0A4A75499C9B11206C2B3B9A53',
    params: {
      order_id: 'order_1727694028',
      status: 'AUTHORIZATION_FAILED',
      status_id: '27',
      myQP: 'aGVsbG9Xb3JsZA==',
    },
    text: 'myQP%3DaGVsbG9Xb3JsZA%253D%253D%26order_id%3Dorder_1727694028%26status%3DAUTHORIZATION_FAILED%26status_id%3D27',
    signature: '8Esx2nrz3KE059rdsTkffYKu6AXXk07KzBo3KOexl3I=',
  },
  {
    key: 'SIMULATOR_RESPONSE_KEY_0001',
    params: { order_id: 'SIMORDER0001', status: 'CHARGED', status_id: '21' },
    text: 'order_id%3DSIMORDER0001%26status%3DCHARGED%26status_id%3D21',
    signature: 'hHMDeHc95jtq64jpxdzGG9HsqFjrAgTSfVuEUOzdQsA=',
  },
]

describe('published vectors', () => {
  test.each(VECTORS)('$params.order_id', ({ key, params, text, signature }) => {
    const entries = Object.entries(params)
    expect(returnSignatureText(entries)).toBe(text)
    expect(returnSignature(entries, key)).toBe(signature)
    const once = encodeURIComponent(signature)
    for (const received of [signature, once, encodeURIComponent(once), signature.replaceAll('+', ' ')]) {
      const all: [string, string][] = [
        ['signature', received],
        ...entries,
        ['signature_algorithm', 'HMAC-SHA256'],
      ]
      expect(verifyReturnUrl(all.reverse(), key), received).toEqual({
        ok: true,
        orderRef: params.order_id,
        providerStatus: params.status,
        statusId: params.status_id,
      })
    }
  })
})

const KEY = 'SIMULATOR_RESPONSE_KEY_0001'
const signed: [string, string][] = [
  ['order_id', 'SIMORDER0001'],
  ['status', 'CHARGED'],
  ['status_id', '21'],
  ['signature', 'hHMDeHc95jtq64jpxdzGG9HsqFjrAgTSfVuEUOzdQsA='],
]

describe('verifyReturnUrl', () => {
  test.each([
    ['no signature', signed.slice(0, 3), 'unsigned'],
    ['an empty signature', [...signed.slice(0, 3), ['signature', '']], 'unsigned'],
    ['an unknown algorithm', [...signed, ['signature_algorithm', 'HMAC-MD5']], 'unknown_algorithm'],
    ['a repeated parameter', [...signed, ['order_id', 'OTHER']], 'repeated_parameter'],
    ['an added parameter', [...signed, ['amount', '1']], 'signature_differs'],
    ['a removed parameter', signed.filter(([name]) => name !== 'status_id'), 'signature_differs'],
    ['a signature that is not one', [...signed.slice(0, 3), ['signature', '%zz']], 'signature_differs'],
    [
      'a signature encoded without end',
      [...signed.slice(0, 3), ['signature', '%25'.repeat(40)]],
      'signature_differs',
    ],
  ] as const)('refuses %s', (_title, params, reason) => {
    expect(verifyReturnUrl(params, KEY)).toEqual({ ok: false, reason })
  })

  test('refuses another key, and an empty key altogether', () => {
    expect(verifyReturnUrl(signed, 'another')).toEqual({ ok: false, reason: 'signature_differs' })
    expect(() => verifyReturnUrl(signed, '')).toThrow(InvariantError)
  })

  test('accepts spaces in either encoding', () => {
    const withPlus = createHmac('sha256', KEY).update('note%3Da%2Bb%26order_id%3DP').digest('base64')
    const withPercent = createHmac('sha256', KEY).update('note%3Da%2520b%26order_id%3DP').digest('base64')
    for (const signature of [withPlus, withPercent]) {
      const params: [string, string][] = [
        ['order_id', 'P'],
        ['note', 'a b'],
        ['signature', signature],
      ]
      expect(verifyReturnUrl(params, KEY).ok).toBe(true)
    }
  })

  test('what we sign verifies; any one changed value does not', () => {
    const values = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 12 }), {
      minKeys: 1,
      maxKeys: 6,
    })
    fc.assert(
      fc.property(values, fc.string({ minLength: 1 }), (fields, key) => {
        const entries = Object.entries(fields).filter(([name]) => !name.startsWith('signature'))
        fc.pre(entries.length > 0)
        const signature = returnSignature(entries, key)
        expect(verifyReturnUrl([...entries, ['signature', signature]], key).ok).toBe(true)
        const changed = entries.map(([name, text], at) => [name, at === 0 ? `${text}x` : text] as const)
        expect(verifyReturnUrl([...changed, ['signature', signature]], key).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})
