/** `/v4` bodies made and read with nothing but node:crypto, so that the sandbox's library is judged from outside. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHarness } from './support.ts'
import type { Answer, Harness, Json } from './support.ts'

type Shape = { form: 'flattened' | 'compact'; alg: 'RSA-OAEP' | 'RSA-OAEP-256' }

const SHAPES: Shape[] = [
  { form: 'flattened', alg: 'RSA-OAEP' },
  { form: 'flattened', alg: 'RSA-OAEP-256' },
  { form: 'compact', alg: 'RSA-OAEP' },
  { form: 'compact', alg: 'RSA-OAEP-256' },
]
const [DEFAULT = { form: 'flattened', alg: 'RSA-OAEP' }] = SHAPES

const ours = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const strangers = generateKeyPairSync('rsa', { modulusLength: 2_048 })

let harness: Harness
let keyId = ''
let juspayKey = ''

beforeAll(async () => {
  harness = await startHarness()
})

afterAll(() => harness.close())

const b64 = (value: string | Buffer) => Buffer.from(value).toString('base64url')

function envelope(claims: Json, shape: Shape, kid = keyId, signer: KeyObject = ours.privateKey): Json {
  const head = b64(JSON.stringify({ alg: 'RS256', kid }))
  const payload = b64(JSON.stringify(claims))
  const signature = sign('RSA-SHA256', Buffer.from(`${head}.${payload}`), signer).toString('base64url')
  const compact = shape.form === 'compact'
  const inner = compact
    ? [head, payload, signature].join('.')
    : JSON.stringify({ header: head, payload, signature })
  const cek = randomBytes(32)
  const iv = randomBytes(12)
  const header = b64(JSON.stringify({ alg: shape.alg, enc: 'A256GCM', cty: 'JWT', kid }))
  const cipher = createCipheriv('aes-256-gcm', cek, iv).setAAD(Buffer.from(header))
  const encryptedPayload = b64(Buffer.concat([cipher.update(inner), cipher.final()]))
  const encryptedKey = b64(
    publicEncrypt(
      {
        key: juspayKey,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: shape.alg === 'RSA-OAEP' ? 'sha1' : 'sha256',
      },
      cek,
    ),
  )
  const tag = b64(cipher.getAuthTag())
  if (compact) return { JWT: [header, encryptedKey, b64(iv), encryptedPayload, tag].join('.') }
  return { header, encryptedKey, iv: b64(iv), encryptedPayload, tag }
}

/** Decrypts with our key by OAEP-SHA-256 only, and checks the signature with Juspay's. */
function opened(body: Json, form: Shape['form']): { alg: unknown; json: Json } {
  const parts =
    form === 'compact'
      ? String(body['JWT']).split('.')
      : ['header', 'encryptedKey', 'iv', 'encryptedPayload', 'tag'].map((name) => String(body[name]))
  const [header = '', encryptedKey = '', iv = '', ciphertext = '', tag = ''] = parts
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const cek = privateDecrypt(
    { key: ours.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    bytes(encryptedKey),
  )
  const decipher = createDecipheriv('aes-256-gcm', cek, bytes(iv)).setAAD(Buffer.from(header))
  decipher.setAuthTag(bytes(tag))
  const inner = Buffer.concat([decipher.update(bytes(ciphertext)), decipher.final()]).toString()
  const signed: Json = form === 'compact' ? {} : JSON.parse(inner)
  const [head = '', payload = '', signature = ''] =
    form === 'compact'
      ? inner.split('.')
      : ['header', 'payload', 'signature'].map((name) => String(signed[name]))
  expect(verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), juspayKey, bytes(signature))).toBe(true)
  const outer: Json = JSON.parse(bytes(header).toString())
  return { alg: outer['alg'], json: JSON.parse(bytes(payload).toString()) }
}

/** As HDFC's samples do it: nothing but the merchant's name, no Authorization. */
async function post(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(harness.address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-merchantid': 'paydeskdemo' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const parsed: Json = JSON.parse(text)
  return { status: response.status, body: parsed, headers: response.headers, text }
}

const message = (answer: Answer) => [answer.status, answer.body['error_message']]

describe('/v4', () => {
  it('is closed to a merchant without an uploaded key', async () => {
    const answer = await post('/v4/order-status', { order_id: 'X' })
    expect([answer.status, answer.body['error_code']]).toEqual([401, 'access_denied'])
  })

  it('hands out a key id and its own public half for an uploaded key, the same for the same key', async () => {
    const upload = () =>
      harness.control('POST', '/control/jwt-keys', {
        publicKey: ours.publicKey.export({ type: 'spki', format: 'pem' }),
      })
    const first = (await upload()).body
    expect((await upload()).body).toEqual(first)
    keyId = String(first['keyId'])
    juspayKey = String(first['juspayPublicKey'])
    expect(keyId).toMatch(/^key_[0-9a-f]{32}$/)
    const wrong = await harness.control('POST', '/control/jwt-keys', { publicKey: 'not a key' })
    expect(wrong.status).toBe(400)
  })

  it.each(SHAPES)('takes $form bodies with $alg and answers alike with RSA-OAEP-256', async (shape) => {
    const orderId = `V4${shape.form}${shape.alg}`.replace(/[^A-Za-z0-9]/g, '').slice(0, 20)
    await harness.charged(orderId, '20.00')
    const status = await post('/v4/order-status', envelope({ order_id: orderId }, shape))
    expect(opened(status.body, shape.form)).toMatchObject({
      alg: 'RSA-OAEP-256',
      json: { order_id: orderId, status: 'CHARGED', amount: 20 },
    })
    const claims = { unique_request_id: `R${orderId}`.slice(0, 20), amount: '5.00' }
    const refund = await post(`/v4/orders/${orderId}/refunds`, envelope(claims, shape))
    expect(opened(refund.body, shape.form).json).toMatchObject({ amount_refunded: 5 })
  })

  it('answers refusals in plain JSON, as the official client reads them', async () => {
    const answer = await post(
      '/v4/orders/NOSUCH/refunds',
      envelope({ unique_request_id: 'R1', amount: 1 }, DEFAULT),
    )
    expect([answer.status, answer.body['status']]).toEqual([400, 'NOT_FOUND'])
  })

  it.each<[string, () => Json, string]>([
    [
      'a changed body',
      () => {
        const body = envelope({ order_id: 'X' }, DEFAULT)
        return { ...body, tag: b64(randomBytes(16)) }
      },
      'The body cannot be decrypted with our key, or it was changed.',
    ],
    [
      'another signer',
      () => envelope({ order_id: 'X' }, DEFAULT, keyId, strangers.privateKey),
      'The signature does not match the uploaded public key.',
    ],
    [
      'a key id nobody uploaded',
      () => envelope({ order_id: 'X' }, DEFAULT, 'key_0'),
      'The key id key_0 is unknown.',
    ],
    [
      'an expired body',
      () => envelope({ order_id: 'X', exp: Date.parse('2026-01-05T09:06:52Z') / 1_000 }, DEFAULT),
      'The signed body has expired.',
    ],
    ['a plain body', () => ({ order_id: 'X' }), 'The encrypted body lacks header.'],
    ['half an envelope', () => ({ JWT: 'a.b.c' }), 'JWT must have five parts.'],
  ])('refuses %s and does nothing', async (_name, make, words) => {
    const before = harness.sandbox.control.context.records.countOrders()
    expect(message(await post('/v4/order-status', make()))).toEqual([401, words])
    expect(message(await post('/v4/session', make()))).toEqual([401, words])
    expect(harness.sandbox.control.context.records.countOrders()).toBe(before)
  })
})
