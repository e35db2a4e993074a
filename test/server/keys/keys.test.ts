/** The life of a merchant's keys, by the procedures of the settings screen, against the sandbox. */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from '../../../server/sandbox/create.ts'
import { sealSecrets } from '../../../server/store/sealing.ts'
import { adoptKeys } from '../../../server/services/keys/adopt-keys.ts'
import { createTestApp, TEST_SECRET, type TestApp } from '../../support/app.ts'

let app: TestApp
let sandbox: Sandbox
let dir = ''

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'paydesk-keys-'))
  sandbox = createSandbox({ dir, webhookUrl: null })
  app = await createTestApp({ sandboxUrl: await sandbox.listen(0) })
})

afterAll(async () => {
  await app.close()
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

const admin = async () => (await app.as('admin')).trpc.keys
const listed = async () => (await (await admin()).list.query()).keys
const refusal = (code: string, message: RegExp) => ({
  data: { refusal: { code, message: expect.stringMatching(message) } },
})

function pem(bits = 2_048) {
  return generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

/** What is signed now, and by which key: as another server would, without waiting for what this one remembers. */
async function signed(keyId: string) {
  return expect
    .poll(
      async () => {
        const reply = await fetch(`${app.url}/sdk/demo/initiate-payload`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${app.apiKey}` },
          body: '{}',
        })
        const body: Record<string, string> = await reply.json()
        const key = (await listed()).find((each) => each.keyId === body['merchantKeyId'])
        const good = verify(
          'RSA-SHA256',
          Buffer.from(body['signaturePayload'] ?? ''),
          createPublicKey(key?.publicKey ?? ''),
          Buffer.from(body['signature'] ?? '', 'base64'),
        )
        return `${body['merchantKeyId']} ${good ? 'verifies' : 'does not verify'}`
      },
      { timeout: 15_000, interval: 500 },
    )
    .toBe(`${keyId} verifies`)
}

describe('the signing key', () => {
  test('is rotated: two work at once, the new one signs, the old one is accepted until it is retired', async () => {
    const keys = await admin()
    await signed('2980')
    const added = await keys.add.mutate({ purpose: 'payload' })
    expect(added).toMatchObject({ state: 'waiting', keyId: null, createdBy: 'Kavya Iyer' })
    expect(added.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----/)
    await signed('2980')

    const { keyId } = await keys.uploadToSandbox.mutate({ id: added.id })
    await keys.activate.mutate({ id: added.id, keyId })
    await signed(keyId)
    const old = (await listed()).find((key) => key.keyId === '2980')
    expect(old?.state).toBe('previous')

    const third = await keys.add.mutate({ purpose: 'payload', privateKeyPem: pem().privateKey })
    await expect(keys.activate.mutate({ id: third.id, keyId: '777' })).rejects.toMatchObject(
      refusal('conflict', /Retire the old key 2980 first/),
    )
    await keys.retire.mutate({ id: old?.id ?? '' })
    await keys.retire.mutate({ id: third.id })
    const left = await listed()
    expect(left.map(({ state, keyId: id }) => `${state} ${id}`)).toEqual([`current ${keyId}`, 'retired 2980'])
    const { rows } = await app.paydesk.database.pool.query(
      "select count(*)::int as kept from merchant_key where state = 'retired' and sealed_private_key is not null",
    )
    expect(rows).toEqual([{ kept: 0 }])
  })

  test('is never told, in no answer and no audit entry', async () => {
    const { privateKey } = pem()
    const keys = await admin()
    const added = await keys.add.mutate({ purpose: 'payload', privateKeyPem: privateKey })
    const audit = await app.paydesk.deps.store.audit.list(app.accountId, {
      q: '',
      action: null,
      outcome: null,
      cursor: null,
      limit: 50,
    })
    const told = JSON.stringify([added, await keys.list.query(), audit.rows], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(told).not.toContain('PRIVATE KEY')
    expect(audit.rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['merchant_key.add', 'merchant_key.activate', 'merchant_key.retire']),
    )
    await keys.retire.mutate({ id: added.id })
  })

  test.each<[string, () => string, RegExp]>([
    ['a public key', () => pem().publicKey, /this is a public one/],
    ['one that is too short', () => pem(1_024).privateKey, /1024 bits/],
    ['no PEM', () => 'abc', /must be PEM/],
    [
      'a key of another kind',
      () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      /must be an RSA key/,
    ],
    ['one with a passphrase', () => '-----BEGIN ENCRYPTED PRIVATE KEY-----', /has a passphrase/],
  ])('cannot be %s', async (_name, make, words) => {
    const keys = await admin()
    await expect(keys.add.mutate({ purpose: 'payload', privateKeyPem: make() })).rejects.toMatchObject(
      refusal('invalid_input', words),
    )
  })

  test('is not changed by people who only see settings', async () => {
    const { trpc } = await app.as('developer')
    expect((await trpc.keys.list.query()).keys.length).toBeGreaterThan(0)
    await expect(trpc.keys.add.mutate({ purpose: 'payload' })).rejects.toMatchObject(
      refusal('permission_denied', /cannot change credentials/),
    )
  })

  test('of an earlier release is taken over once, and stays retired when it was', async () => {
    const { deps, database } = app.paydesk
    const { privateKey } = pem()
    const accountId = crypto.randomUUID()
    await deps.store.accounts.create({
      id: accountId,
      slug: 'earlier',
      name: 'Earlier',
      environment: 'sandbox',
      baseUrl: 'http://127.0.0.1:9',
      juspayMerchantId: 'earlier',
      clientId: 'earlier',
      apiVersion: '2024-05-01',
      currency: 'INR',
      webhookUsername: 'hook',
      returnPageUrl: null,
      sealedSecrets: sealSecrets(TEST_SECRET, {
        apiKey: 'k',
        webhookPassword: 'w',
        previousWebhookPassword: null,
        responseKey: null,
        signingKey: privateKey,
      }),
    })
    await database.pool.query("update merchant_account set merchant_key_id = '11' where id = $1", [accountId])
    expect(await deps.store.accounts.withEarlierKeys()).toMatchObject([{ id: accountId, keyId: '11' }])
    const earlier = [{ accountId, keyId: '11', privateKeyPem: privateKey }]
    await adoptKeys(deps, earlier)
    await adoptKeys(deps, earlier)
    const [key, ...more] = await deps.store.merchantKeys.list(accountId)
    expect([key, more.length]).toMatchObject([{ state: 'current', keyId: '11' }, 0])
    await deps.store.merchantKeys.retire(key?.id ?? '', new Date())
    await adoptKeys(deps, earlier)
    expect(await deps.store.merchantKeys.list(accountId)).toMatchObject([{ state: 'retired' }])
  })
})

describe('calls to Juspay', () => {
  test('are signed and encrypted once a key was tried, and go back to the API key', async () => {
    const keys = await admin()
    await expect(keys.setAuthMode.mutate({ mode: 'jwe' })).rejects.toMatchObject(
      refusal('conflict', /Add a JWT key first/),
    )
    const added = await keys.add.mutate({ purpose: 'jwe' })
    const { keyId, juspayPublicKey } = await keys.uploadToSandbox.mutate({ id: added.id })
    const wrong = { id: added.id, keyId, juspayPublicKey: pem().publicKey }
    await expect(keys.activate.mutate(wrong)).rejects.toMatchObject(
      refusal('provider_unauthorised', /test call with this key did not work/),
    )
    await expect(keys.activate.mutate({ ...wrong, juspayPublicKey: pem().privateKey })).rejects.toMatchObject(
      refusal('invalid_input', /Never paste one here/),
    )
    await keys.activate.mutate({ id: added.id, keyId, juspayPublicKey })
    await keys.setAuthMode.mutate({ mode: 'jwe' })
    await expect(keys.retire.mutate({ id: added.id })).rejects.toMatchObject(
      refusal('conflict', /Calls to Juspay use this key/),
    )

    // The API key is taken away: from here on only /v4 works.
    const merchant = sandbox.control.context.configuration.merchant('paydeskdemo')
    if (!merchant) throw new Error('no merchant')
    sandbox.control.context.configuration.saveMerchant({ ...merchant, apiKey: 'another' })
    const { trpc } = await app.as('support')
    await expect
      .poll(() => trpc.sandbox.startCheckout.mutate({ amountMinor: 5_000n }).catch(() => null), {
        timeout: 15_000,
        interval: 500,
      })
      .not.toBeNull()
    sandbox.control.context.configuration.saveMerchant({ ...merchant, apiKey: 'sandbox-api-key' })
    await keys.setAuthMode.mutate({ mode: 'basic' })
    await keys.retire.mutate({ id: added.id })
    expect((await keys.list.query()).authMode).toBe('basic')
  })
})
