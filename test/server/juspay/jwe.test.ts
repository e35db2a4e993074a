/** Our client on the `/v4` routes: against the sandbox, and against answers that must not be believed. */
import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompactEncrypt, FlattenedEncrypt, FlattenedSign } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeError, mayHaveActed } from '../../../server/domain/provider-error.ts'
import { createJuspayClient } from '../../../server/juspay/client.ts'
import type { JuspayClient } from '../../../server/juspay/client.ts'
import type { JweKeys } from '../../../server/juspay/jwe.ts'
import { manualClock } from '../../../server/sandbox/clock.ts'
import { createSandbox } from '../../../server/sandbox/create.ts'
import type { Sandbox } from '../../../server/sandbox/create.ts'
import { httpHost } from './local-host.ts'

const ACCOUNT = { merchantId: 'paydeskdemo', clientId: 'paydeskdemo', apiVersion: '2024-01-01' }
const pem = (key: KeyObject) =>
  key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' }).toString()
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2_048 })
const ours = pair()
const juspays = pair()
const strangers = pair()

const dir = mkdtempSync(join(tmpdir(), 'paydesk-jwe-'))
const closing: (() => Promise<void>)[] = []
let sandbox: Sandbox
let url = ''
let basic: JuspayClient
let sealed: JuspayClient

beforeAll(async () => {
  sandbox = createSandbox({ dir, webhookUrl: null, clock: manualClock(Date.parse('2026-03-08T08:00:00Z')) })
  url = await sandbox.listen(0)
  const { keyId, juspayPublicKey } = await control('/control/jwt-keys', { publicKey: pem(ours.publicKey) })
  const jwe = {
    keyId: String(keyId),
    privateKeyPem: pem(ours.privateKey),
    juspayPublicKeyPem: String(juspayPublicKey),
  }
  basic = createJuspayClient({ ...ACCOUNT, baseUrl: url, apiKey: 'sandbox-api-key' })
  // The API key is wrong on purpose: a sealed call must not depend on it.
  sealed = createJuspayClient({ ...ACCOUNT, baseUrl: url, apiKey: 'not-the-key', jwe })
})

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

afterAll(async () => {
  await basic.close()
  await sealed.close()
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

async function control(path: string, body: unknown): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer: Record<string, unknown> = await reply.json()
  return answer
}

function session(orderRef: string) {
  return {
    orderRef,
    amountMinor: 10_000n,
    currency: 'INR',
    customerRef: 'buyer-7',
    routingId: 'buyer-7',
    returnUrl: 'https://shop.test/done',
  }
}

describe.each([
  ['Basic', 'B', () => basic],
  ['JWE', 'J', () => sealed],
] as const)('every call in %s mode', (_mode, mark, of) => {
  test('session, amount, status and refund say the same', async () => {
    const client = of()
    const orderRef = `MODES1${mark}`
    const about = { orderRef, currency: 'INR', routingId: 'buyer-7' }
    const made = await client.createSession(session(orderRef))
    if (!made.ok) throw new Error(describeError(made.error))
    expect(made.session.sdkPayloadJson).toContain('"clientAuthToken":"tkn_')

    const changed = await client.updateAmount({ ...about, amountMinor: 12_050n })
    expect(changed).toMatchObject({
      ok: true,
      order: { orderRef, amountMinor: 12_050n, providerStatus: 'NEW' },
    })

    await control(`/control/orders/${orderRef}/attempts`, { outcome: 'success' })
    const paid = await client.getOrder(orderRef, { routingId: 'buyer-7' })
    expect(paid).toMatchObject({ ok: true, order: { providerStatus: 'CHARGED', amountMinor: 12_050n } })

    const key = `RF${orderRef}`
    const refund = await client.refund({ ...about, uniqueRequestId: key, amountMinor: 2_050n })
    expect(refund).toMatchObject({ ok: true, refund: { uniqueRequestId: key, amountMinor: 2_050n } })
    const again = await client.refund({ ...about, uniqueRequestId: key, amountMinor: 2_050n })
    expect(again).toMatchObject({ ok: false, error: { kind: 'rejected', reason: 'duplicate_id' } })

    const late = await client.updateAmount({ ...about, amountMinor: 1n })
    expect(late).toMatchObject({ ok: false, error: { kind: 'rejected', code: 'invalid_request' } })
    const nobody = await client.getOrder(`NOSUCH${mark}`, { routingId: 'buyer-7' })
    expect(nobody).toMatchObject({ ok: false, error: { kind: 'rejected', reason: 'not_found' } })
  })
})

test('a key Juspay does not know is told as credentials it does not accept', async () => {
  const keys = {
    keyId: 'key_00',
    privateKeyPem: pem(ours.privateKey),
    juspayPublicKeyPem: pem(juspays.publicKey),
  }
  const client = createJuspayClient({ ...ACCOUNT, baseUrl: url, apiKey: '', jwe: keys })
  closing.push(() => client.close())
  const answer = await client.getOrder('X', { routingId: 'x' })
  expect(answer).toMatchObject({ ok: false, error: { kind: 'unauthorised' } })
})

test.each<[string, Partial<JweKeys>]>([
  ['a key that is none', { privateKeyPem: 'nothing' }],
  [
    'a key too short',
    { privateKeyPem: pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey) },
  ],
  ['a key of another kind', { juspayPublicKeyPem: pem(generateKeyPairSync('ed25519').publicKey) }],
])('%s is refused when the client is made', (_name, change) => {
  const keys = { keyId: 'k', privateKeyPem: pem(ours.privateKey), juspayPublicKeyPem: pem(juspays.publicKey) }
  expect(() =>
    createJuspayClient({ ...ACCOUNT, baseUrl: url, apiKey: '', jwe: { ...keys, ...change } }),
  ).toThrow()
})

/** What Juspay would answer to a refund: the order with the refund in it. */
const REFUNDED = {
  order_id: 'ORDER1',
  status: 'CHARGED',
  amount: 100,
  currency: 'INR',
  refunds: [{ unique_request_id: 'RF1', amount: 5, status: 'PENDING' }],
}

type Envelope = {
  signer?: KeyObject
  recipient?: KeyObject
  kid?: string
  jwsKid?: string
  alg?: string
  claims?: object
}

async function signed({ signer = juspays.privateKey, jwsKid = 'key_1', claims = REFUNDED }: Envelope) {
  const made = await new FlattenedSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RS256', kid: jwsKid })
    .sign(signer)
  return { header: made.protected ?? '', payload: made.payload, signature: made.signature }
}

async function flattened(how: Envelope = {}) {
  const { recipient = ours.publicKey, kid = 'key_1', alg = 'RSA-OAEP-256' } = how
  const made = await new FlattenedEncrypt(Buffer.from(JSON.stringify(await signed(how))))
    .setProtectedHeader({ alg, enc: 'A256GCM', cty: 'JWT', kid })
    .encrypt(recipient)
  return {
    header: made.protected,
    encryptedKey: made.encrypted_key,
    iv: made.iv,
    encryptedPayload: made.ciphertext,
    tag: made.tag,
  }
}

async function compact() {
  const { header, payload, signature } = await signed({})
  const jwt = await new CompactEncrypt(Buffer.from([header, payload, signature].join('.')))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'key_1' })
    .encrypt(ours.publicKey)
  return { JWT: jwt }
}

/** Our client, and a Juspay that answers this. */
async function refundAnswered(body: unknown, status = 200) {
  const host = await httpHost((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  const jwe = {
    keyId: 'key_1',
    privateKeyPem: pem(ours.privateKey),
    juspayPublicKeyPem: pem(juspays.publicKey),
  }
  const client = createJuspayClient({ ...ACCOUNT, baseUrl: host.url, apiKey: 'never-sent', jwe })
  closing.push(
    () => host.close(),
    () => client.close(),
  )
  const about = {
    orderRef: 'ORDER1',
    uniqueRequestId: 'RF1',
    amountMinor: 500n,
    currency: 'INR',
    routingId: 'b',
  }
  return { answer: await client.refund(about), host }
}

describe('answers', () => {
  test('our request tells nothing in clear: no API key, no amount', async () => {
    const { host } = await refundAnswered(await flattened())
    const [seen] = host.seen
    expect(seen).toMatchObject({ method: 'POST', url: '/v4/orders/ORDER1/refunds' })
    expect(seen?.headers).not.toHaveProperty('authorization')
    expect(Object.keys(JSON.parse(seen?.body ?? ''))).toEqual([
      'header',
      'encryptedKey',
      'iv',
      'encryptedPayload',
      'tag',
    ])
    const header = JSON.parse(Buffer.from(JSON.parse(seen?.body ?? '').header, 'base64url').toString())
    expect(header).toEqual({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: 'key_1' })
  })

  test.each<[string, () => Promise<unknown>]>([
    ['with five members, RSA-OAEP-256', () => flattened()],
    ['with five members, RSA-OAEP', () => flattened({ alg: 'RSA-OAEP' })],
    ['dotted', compact],
  ])('%s are opened', async (_name, make) => {
    const { answer } = await refundAnswered(await make())
    expect(answer).toMatchObject({ ok: true, refund: { uniqueRequestId: 'RF1', amountMinor: 500n } })
    expect(Buffer.from(answer.raw ?? []).toString()).toBe(JSON.stringify(REFUNDED))
  })

  test.each<[string, string, () => unknown]>([
    ['in clear', 'not_encrypted', () => REFUNDED],
    [
      'changed on the way',
      'undecryptable',
      async () => ({ ...(await flattened()), tag: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    ],
    ['encrypted to somebody else', 'undecryptable', () => flattened({ recipient: strangers.publicKey })],
    ['with half an envelope', 'not_encrypted', () => ({ header: 'x', iv: 'y' })],
    ['signed by somebody else', 'signature_differs', () => flattened({ signer: strangers.privateKey })],
    ['signed by ourselves', 'signature_differs', () => flattened({ signer: ours.privateKey })],
    ['encrypted under another key id', 'key_id_differs', () => flattened({ kid: 'key_2' })],
    ['signed under another key id', 'key_id_differs', () => flattened({ jwsKid: 'key_2' })],
    ['in an algorithm we do not take', 'algorithm_differs', () => flattened({ alg: 'RSA-OAEP-512' })],
    ['expired', 'expired', () => flattened({ claims: { ...REFUNDED, exp: 1_700_000_000 } })],
    ['cut short', 'not_json', async () => JSON.stringify(await flattened()).slice(0, 100)],
  ])('%s leave a refund unknown, never failed and never done', async (_name, cause, make) => {
    const { answer } = await refundAnswered(await make())
    if (answer.ok) throw new Error('it was believed')
    expect(answer.error).toMatchObject({ kind: 'uncertain', cause })
    expect(mayHaveActed(answer.error)).toBe(true)
    expect(describeError(answer.error)).toMatch(/^Juspay's answer cannot be read: |^No clear answer/)
  })

  test('a refusal that is sealed wrongly is no refusal', async () => {
    const { answer } = await refundAnswered(await flattened({ signer: strangers.privateKey }), 400)
    expect(answer).toMatchObject({ ok: false, error: { kind: 'uncertain', cause: 'signature_differs' } })
  })

  test('a refusal is read sealed or plain', async () => {
    const claims = {
      status: 'ERROR',
      status_id: -1,
      error_code: 'invalid.amount.exceeded',
      error_message: 'Too much.',
    }
    for (const body of [claims, await flattened({ claims })]) {
      const { answer } = await refundAnswered(body, 400)
      expect(answer).toMatchObject({ ok: false, error: { kind: 'rejected', reason: 'amount_exceeds' } })
    }
  })
})
