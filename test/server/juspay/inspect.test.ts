/** Every reason the inspector gives, made on purpose; and that it gives nothing away. */
import { constants, createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { inspectPayload, type PastedPayload } from '../../../server/juspay/inspect-payload.ts'
import { inspectReturn } from '../../../server/juspay/inspect-return.ts'
import { inspectWebhook } from '../../../server/juspay/inspect-webhook.ts'
import { returnSignature, returnSignatureText } from '../../../server/juspay/return-url.ts'

const NOW = new Date('2026-11-26T02:00:00Z')
const KEY = 'SIMULATOR_RESPONSE_KEY_0001'

const codes = (inspection: { verdict: string; findings: readonly { code: string }[] }) => [
  inspection.verdict,
  ...inspection.findings.map(({ code }) => code),
]

describe('a return address', () => {
  const VALUES: [string, string][] = [
    ['order_id', 'ORDER 1'],
    ['status', 'CHARGED'],
    ['status_id', '21'],
    ['note', 'a=b&c'],
  ]
  const plain = VALUES.map(([name, value]) => [name, value.replaceAll(' ', '')] as [string, string])
  const query = (pairs: [string, string][], signature: string) =>
    `https://shop.test/return?${new URLSearchParams([...pairs, ['signature', signature], ['signature_algorithm', 'HMAC-SHA256']])}`
  const mac = (text: string) => createHmac('sha256', KEY).update(text).digest()

  test('that is right tells the exact text that was signed', () => {
    const told = inspectReturn(query(VALUES, returnSignature(VALUES, KEY)), KEY)
    expect(codes(told)).toEqual(['valid'])
    expect(told).toMatchObject({ signedText: returnSignatureText(VALUES), key: 'response key' })
  })

  test('the published vector, with its signature encoded twice', () => {
    const text =
      'order_id=order_1727694028&status=AUTHORIZATION_FAILED&status_id=27&myQP=aGVsbG9Xb3JsZA%3D%3D&signature_algorithm=HMAC-SHA256&signature=8Esx2nrz3KE059rdsTkffYKu6AXXk07KzBo3KOexl3I%253D'
    expect(codes(inspectReturn(text, '92206A0A4A75499C9B11206C2B3B9A53'))).toEqual([
      'valid',
      'double_encoding',
    ])
  })

  test.each<[string, string, string]>([
    ['nothing of the kind', 'unreadable', 'hello'],
    ['a body of JSON', 'unreadable', '{"order_id":"a=b"}'],
    ['a stripped signature', 'unsigned', 'https://shop.test/return?order_id=A&status=CHARGED'],
    ['another algorithm', 'unknown_algorithm', 'order_id=A&signature=x&signature_algorithm=MD5'],
    ['a name twice', 'repeated_parameter', 'order_id=A&order_id=B&signature=x'],
    [
      'a hexadecimal signature',
      'hex_signature',
      query(VALUES, mac(returnSignatureText(VALUES)).toString('hex')),
    ],
    [
      'values that were encoded twice on the way',
      'double_encoding',
      query(
        VALUES.map(([name, value]) => [name, encodeURIComponent(value)]),
        returnSignature(VALUES, KEY),
      ),
    ],
    [
      'a text that was not encoded as a whole',
      'single_encoding',
      query(VALUES, mac(decodeURIComponent(returnSignatureText(VALUES))).toString('base64')),
    ],
    [
      'values that were not encoded',
      'values_not_encoded',
      query(
        plain,
        mac(encodeURIComponent('note=a=b&c&order_id=ORDER1&status=CHARGED&status_id=21')).toString('base64'),
      ),
    ],
    ['the old form', 'legacy_form', query(VALUES, mac('ORDER 1|CHARGED').toString('hex'))],
    [
      'an added parameter',
      'added_parameter',
      query([...VALUES, ['utm_source', 'mail']], returnSignature(VALUES, KEY)),
    ],
    ['another key', 'signature_differs', query(VALUES, returnSignature(VALUES, 'another'))],
    [
      'a changed value',
      'signature_differs',
      query([['order_id', 'OTHER'], ...VALUES.slice(1)], returnSignature(VALUES, KEY)),
    ],
  ])('%s is told as %s', (_name, code, pasted) => {
    const told = inspectReturn(pasted, KEY)
    expect(codes(told)).toContain(code)
    expect(told.verdict).not.toBe('valid')
    expect(JSON.stringify(told)).not.toContain(KEY)
  })

  test('without a response key nothing is judged', () => {
    expect(codes(inspectReturn('order_id=A&signature=x', null))).toEqual(['unknown', 'no_key'])
  })

  test('a forged one is never told the signature it should have', () => {
    const told = JSON.stringify(inspectReturn(query(VALUES, 'AAAA'), KEY))
    expect(told).not.toContain(returnSignature(VALUES, KEY))
  })
})

describe('a signed payload', () => {
  const pair = (modulusLength = 2_048) => generateKeyPairSync('rsa', { modulusLength })
  const [ours, second, strangers] = [pair(), pair(), pair()]
  const pem = (key: typeof ours.publicKey) =>
    createPublicKey(key.export({ type: 'spki', format: 'pem' }))
      .export({ type: 'spki', format: 'pem' })
      .toString()
  const account = {
    keys: [
      { keyId: '2980', publicKeyPem: pem(ours.publicKey), retired: false },
      { keyId: '2981', publicKeyPem: pem(second.publicKey), retired: true },
    ],
    merchantId: 'shop',
    now: NOW,
  }
  const DETAILS = {
    order_id: 'A1',
    amount: '499.00',
    merchant_id: 'shop',
    timestamp: String(NOW.getTime() - 60_000),
  }
  const TEXT = JSON.stringify(DETAILS)
  const signed = (text: string, key = ours.privateKey, algorithm = 'RSA-SHA256') =>
    sign(algorithm, Buffer.from(text), key).toString('base64')
  const told = (change: Partial<PastedPayload>) =>
    inspectPayload({ text: TEXT, signature: signed(TEXT), merchantKeyId: '2980', ...change }, account)
  const stamped = (timestamp: string | undefined) => {
    const text = JSON.stringify({ ...DETAILS, timestamp })
    return { text, signature: signed(text) }
  }

  test('that is right, as text or as the whole payload of Process', () => {
    expect(told({})).toEqual({
      kind: 'payload',
      verdict: 'valid',
      signedText: TEXT,
      key: '2980',
      findings: [],
    })
    const whole = {
      payload: { action: 'paymentPage', orderDetails: TEXT, signature: signed(TEXT), merchantKeyId: '2980' },
    }
    expect(told({ text: JSON.stringify(whole), signature: '', merchantKeyId: '' })).toMatchObject({
      verdict: 'valid',
      signedText: TEXT,
      key: '2980',
    })
  })

  const base64 = signed(TEXT)
  const bytes = Buffer.from(base64, 'base64')
  const pss = sign('RSA-SHA256', Buffer.from(TEXT), {
    key: ours.privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
  }).toString('base64')
  const asNumber = JSON.stringify({ ...DETAILS, amount: 499 })
  test.each<[string, string, Partial<PastedPayload>]>([
    ['nothing', 'unreadable', { text: ' ' }],
    ['no signature', 'unsigned', { signature: '' }],
    ['the id of another key of ours', 'wrong_key_id', { merchantKeyId: '2981' }],
    [
      'an id nobody knows',
      'wrong_key_id',
      { merchantKeyId: '7', signature: signed(TEXT, strangers.privateKey) },
    ],
    ['a retired key', 'retired_key', { merchantKeyId: '2981', signature: signed(TEXT, second.privateKey) }],
    ['JSON written again, indented', 'reserialised_json', { text: JSON.stringify(DETAILS, null, 2) }],
    [
      'JSON written again, in another order',
      'reserialised_json',
      {
        signature: signed(
          JSON.stringify(Object.fromEntries(Object.entries(DETAILS).sort(([a], [b]) => (a < b ? -1 : 1)))),
        ),
      },
    ],
    [
      'JSON that was signed with spaces',
      'reserialised_json',
      { signature: signed(TEXT.replaceAll('":"', '": "').replaceAll(',"', ', "')) },
    ],
    ['an amount that became a number', 'amount_as_number', { text: asNumber }],
    ['an amount that was a number', 'amount_as_number', { signature: signed(asNumber) }],
    ['a line break at the end', 'surrounding_space', { text: `${TEXT}\n` }],
    ['a line break that is missing', 'surrounding_space', { signature: signed(`${TEXT}\n`) }],
    ['the text in quotes', 'escaped_text', { text: JSON.stringify(TEXT) }],
    ['a hexadecimal signature', 'hex_signature', { signature: bytes.toString('hex') }],
    ['an encoded signature', 'double_encoding', { signature: encodeURIComponent(base64) }],
    ['PSS padding', 'other_scheme', { signature: pss }],
    ['SHA-1', 'other_scheme', { signature: signed(TEXT, ours.privateKey, 'RSA-SHA1') }],
    ['the base64 of the text', 'other_scheme', { signature: signed(Buffer.from(TEXT).toString('base64')) }],
    ['another text', 'signature_differs', { signature: signed('{"order_id":"B"}') }],
    ['nonsense', 'signature_differs', { signature: 'not a signature' }],
  ])('%s is told as %s', (_name, code, change) => {
    const inspection = told(change)
    expect(inspection.verdict).not.toBe('valid')
    expect(inspection.findings[0]?.code).toBe(code)
  })

  test.each<[string, string, string | undefined]>([
    ['an hour old', 'stale_timestamp', String(NOW.getTime() - 3_600_000)],
    ['an hour ahead', 'stale_timestamp', String(NOW.getTime() + 3_600_000)],
    ['in seconds', 'timestamp_in_seconds', '1764122400'],
    ['no time', 'stale_timestamp', 'today'],
    ['missing', 'no_timestamp', undefined],
  ])('a good signature over a timestamp that is %s says %s', (_name, code, timestamp) => {
    expect(codes(told(stamped(timestamp)))).toEqual(['valid', code])
  })

  test('a good signature over a number or another merchant says so', () => {
    const text = JSON.stringify({ ...DETAILS, amount: 499, merchant_id: 'other' })
    expect(codes(told({ text, signature: signed(text) }))).toEqual([
      'valid',
      'amount_as_number',
      'other_merchant',
    ])
  })

  test('without keys nothing is judged', () => {
    const inspection = inspectPayload(
      { text: TEXT, signature: base64, merchantKeyId: '1' },
      { ...account, keys: [] },
    )
    expect(codes(inspection)).toEqual(['unknown', 'no_key'])
  })
})

describe('a webhook', () => {
  const credentials = { username: 'hook', password: 'now-the-password', previousPassword: 'before-that' }
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const BODY = '{"id":"evt_1","event_name":"ORDER_SUCCEEDED","content":{}}'
  test.each<[string, string, string, string, string[]]>([
    ['right', basic('hook:now-the-password'), BODY, 'valid', []],
    ['with its name', `Authorization: ${basic('hook:now-the-password')}`, '', 'valid', []],
    ['with the old password', basic('hook:before-that'), BODY, 'valid', ['previous_password']],
    ['with a wrong password', basic('hook:guess'), BODY, 'invalid', ['wrong_password']],
    ['of another user', basic('other:now-the-password'), BODY, 'invalid', ['wrong_user_name']],
    ['without a colon', basic('hook'), BODY, 'invalid', ['not_basic']],
    ['with a bearer token', 'Bearer abc', BODY, 'invalid', ['not_basic']],
    ['without a header', '', BODY, 'unsigned', ['unsigned']],
    ['with half a body', basic('hook:now-the-password'), '{"id":', 'valid', ['unreadable']],
    ['with a list', basic('hook:now-the-password'), '[]', 'valid', ['unreadable']],
    ['without an id', basic('hook:now-the-password'), '{"event_name":"X"}', 'valid', ['unreadable']],
  ])('%s', (_name, header, body, verdict, expected) => {
    const inspection = inspectWebhook(header, body, credentials)
    expect(codes(inspection)).toEqual([verdict, ...expected])
    expect(JSON.stringify(inspection)).not.toMatch(/now-the-password|before-that/)
  })
})
