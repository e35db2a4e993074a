import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signInitiate, signProcess, signText } from '../../../server/juspay/signing.ts'
import type { SignedPayload } from '../../../server/juspay/signing.ts'

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const key = { privateKeyPem: pair.privateKey, merchantKeyId: '2980' }
const at = new Date('2026-03-08T08:12:07.123Z')

function holds({ payload, signature }: SignedPayload): boolean {
  return verify(
    'RSA-SHA256',
    Buffer.from(payload),
    createPublicKey(pair.publicKey),
    Buffer.from(signature, 'base64'),
  )
}

describe('signed payloads', () => {
  test('initiate: merchant, customer, milliseconds as text, signed as sent', () => {
    const signed = signInitiate({ merchantId: 'paydeskdemo', customerRef: 'buyer-7', at }, key)
    expect(signed.payload).toBe(
      '{"merchant_id":"paydeskdemo","customer_id":"buyer-7","timestamp":"1772957527123"}',
    )
    expect(signed.merchantKeyId).toBe('2980')
    expect(signed.signature).toMatch(/^[A-Za-z0-9+/]{342}==$/)
    expect(holds(signed)).toBe(true)
    expect(holds({ ...signed, payload: `${signed.payload} ` })).toBe(false)
  })

  test('process: order details as a string of JSON that extras cannot overrule', () => {
    const signed = signProcess(
      {
        orderRef: 'PD1',
        amountMinor: 100n,
        currency: 'INR',
        merchantId: 'paydeskdemo',
        customerRef: 'büyer',
        customerPhone: '9000000001',
        returnUrl: 'https://shop.test/done',
        udf: { udf6: 'x' },
        extra: { amount: '0.01', 'options.create_mandate': 'OPTIONAL' },
        at,
      },
      key,
    )
    expect(JSON.parse(signed.payload)).toEqual({
      order_id: 'PD1',
      amount: '1.00',
      currency: 'INR',
      merchant_id: 'paydeskdemo',
      customer_id: 'büyer',
      customer_phone: '9000000001',
      return_url: 'https://shop.test/done',
      udf6: 'x',
      'options.create_mandate': 'OPTIONAL',
      timestamp: '1772957527123',
    })
    expect(holds(signed)).toBe(true)
  })

  test('refuses a key that is not RSA', () => {
    const other = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    expect(() => signText('x', { privateKeyPem: other.privateKey, merchantKeyId: '1' })).toThrow('RSA')
    expect(() => signText('x', { privateKeyPem: 'nonsense', merchantKeyId: '1' })).toThrow()
  })
})
