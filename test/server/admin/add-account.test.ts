/** `npm run admin -- add-account`, as a process on a real database: what is stored, what is said, what is refused. */
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountOptions, accountSecrets } from '../../../server/admin-account.ts'
import { hashApiKey } from '../../../server/http/api-key.ts'
import { connect, type Database } from '../../../server/store/database.ts'
import { openBytes, openSecrets, PRIVATE_KEYS } from '../../../server/store/sealing.ts'
import { createStore, type Store } from '../../../server/store/store.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const KEY = Buffer.alloc(32, 3)
const OPTIONS = {
  slug: 'shop-in',
  name: 'Shop India',
  environment: 'production',
  'base-url': 'https://api.juspay.in/',
  'merchant-id': 'shopin',
  'client-id': 'shopin-page',
  'api-version': '2024-05-01',
  'webhook-username': 'shophook',
  'return-page-url': 'https://shop.example.com/thanks',
}
const SECRETS = {
  apiKey: 'SECRET-API-KEY',
  webhookPassword: 'SECRET-webhook-password',
  responseKey: 'SECRET-RESPONSE-KEY',
  signingKey: generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey,
  signingKeyId: '3141',
}

let created: TestDatabase
let database: Database
let store: Store
let dir = ''

beforeAll(async () => {
  created = await createTestDatabase()
  database = connect(created.url, { poolSize: 2 })
  store = createStore(database)
  dir = mkdtempSync(join(tmpdir(), 'paydesk-admin-'))
})

afterAll(async () => {
  await database.close()
  await created.drop()
  rmSync(dir, { recursive: true, force: true })
})

const flags = (options: Record<string, string>) =>
  Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])

function run(file: string, args: string[], env: Record<string, string>) {
  const program = join(import.meta.dirname, '../../../server', file)
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    env: {
      ...process.env,
      DATABASE_URL: created.url,
      PUBLIC_URL: 'https://paydesk.example.com',
      SECRET_KEY: KEY.toString('base64'),
      DATA_DIR: dir,
      ...env,
    },
  })
}

async function admin(args: string[], input: string, env: Record<string, string> = {}) {
  const child = run('admin.ts', args, env)
  // A command that refuses its options does not read on.
  child.stdin.on('error', () => undefined).end(input)
  const ended = once(child, 'exit')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code]: unknown[] = await ended
  return { out, err, code }
}

const addAccount = (env: Record<string, string> = {}, options: Record<string, string> = OPTIONS) =>
  admin(['add-account', ...flags(options)], JSON.stringify(SECRETS), env)

describe('the command', () => {
  test('adds the account once, sealed and audited, says the webhook address, and no secret anywhere', async () => {
    const first = await addAccount()
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toContain('https://paydesk.example.com/webhooks/juspay/shop-in')

    const account = await store.accounts.bySlug('shop-in')
    expect(account).toMatchObject({
      name: 'Shop India',
      environment: 'production',
      baseUrl: 'https://api.juspay.in',
      juspayMerchantId: 'shopin',
      clientId: 'shopin-page',
      apiVersion: '2024-05-01',
      currency: 'INR',
      webhookUsername: 'shophook',
      authMode: 'basic',
      returnPageUrl: 'https://shop.example.com/thanks',
    })
    const id = account?.id ?? ''
    const { signingKeyId: _id, ...secrets } = SECRETS
    const sealed = await store.accounts.secretsOf(id)
    expect(openSecrets(KEY, sealed ?? Buffer.alloc(0))).toEqual({
      ...secrets,
      signingKey: null,
      previousWebhookPassword: null,
    })
    const [key] = await store.merchantKeys.list(id)
    expect(key).toMatchObject({ purpose: 'payload', state: 'current', keyId: '3141' })
    const privateHalf = await store.merchantKeys.sealedPrivateKey(id, key?.id ?? '')
    expect(openBytes(KEY, PRIVATE_KEYS, privateHalf ?? Buffer.alloc(0)).toString()).toBe(SECRETS.signingKey)

    const audit = await store.audit.bySubject(id, 'merchant_account', id)
    expect(audit).toMatchObject([
      { action: 'merchant_account.create', outcome: 'done', actorKind: 'system', actorName: 'admin-command' },
    ])
    const told = JSON.stringify([first, account, audit], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(told).not.toMatch(/SECRET|PRIVATE KEY/)

    const again = await addAccount()
    expect(again).toMatchObject({ code: 1, out: '' })
    expect(again.err).toBe('There is an account with the slug shop-in already.\n')
    expect(await store.accounts.list()).toHaveLength(1)
  })

  test('refuses to seal with another key than the accounts there are', async () => {
    const other = await addAccount(
      { SECRET_KEY: Buffer.alloc(32, 4).toString('base64') },
      { ...OPTIONS, slug: 'b' },
    )
    expect(other.code).toBe(1)
    expect(other.err).toContain('Is SECRET_KEY the one this database was filled with?')
    expect(await store.accounts.bySlug('b')).toBeNull()
  })

  test('makes a key for a program, tells it once, and ends it', async () => {
    const made = await admin(['add-api-key', '--name', 'shop-server'], '')
    expect(made).toMatchObject({ code: 0, err: '' })
    const key = /pd_live_[A-Za-z0-9_-]{43}/.exec(made.out)?.[0] ?? ''
    const stored = await store.apiKeys.byHash(hashApiKey(key))
    expect(stored).toMatchObject({
      name: 'shop-server',
      prefix: key.slice(0, 12),
      scopes: ['sdk'],
      revokedAt: null,
    })

    const unknown = await admin(['revoke-api-key', '--prefix', 'pd_live_none'], '')
    expect(unknown).toMatchObject({ code: 1, err: 'No key in use begins with pd_live_none.\n' })

    const ended = await admin(['revoke-api-key', '--prefix', key.slice(0, 12)], '')
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect((await store.apiKeys.byHash(hashApiKey(key)))?.revokedAt).toBeInstanceOf(Date)
    const audit = await store.audit.list(stored?.accountId ?? '', {
      q: 'api_key',
      action: null,
      outcome: null,
      cursor: null,
      limit: 10,
    })
    expect(audit.rows.map((row) => row.action)).toEqual(['api_key.revoke', 'api_key.create'])
    expect(JSON.stringify(audit.rows.map((row) => row.after))).not.toContain(key)
  })

  test('demands the server’s key and address beside its database, and makes up neither', async () => {
    const { code, err } = await addAccount({ SECRET_KEY: '', PUBLIC_URL: '' })
    expect(code).toBe(1)
    expect(err).toContain('SECRET_KEY is missing')
    expect(err).toContain('PUBLIC_URL is missing')
  })

  test('takes no secret as an argument', async () => {
    const { code, err } = await admin(['add-account', ...flags({ ...OPTIONS, 'api-key': 'SECRET' })], '')
    expect(code).toBe(1)
    expect(err).toMatch(/^Unknown option '--api-key'/)
  })

  test('names everything that is missing at once, before it asks for a secret', async () => {
    const { code, err } = await admin(['add-account'], '')
    expect(code).toBe(1)
    for (const option of Object.keys(OPTIONS).filter((name) => name !== 'return-page-url'))
      expect(err).toContain(`--${option}`)
  })
})

describe('a new production server', () => {
  async function saysAtStart(databaseUrl: string, until: RegExp): Promise<string> {
    const env = {
      DATABASE_URL: databaseUrl,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'silent',
      ALLOW_UNSAFE_DATABASE: 'yes',
    }
    const server = run('main.ts', ['--serve'], env)
    const exited = once(server, 'exit')
    let said = ''
    for await (const chunk of server.stdout.setEncoding('utf8')) {
      said += String(chunk)
      if (until.test(said)) break
    }
    server.kill('SIGTERM')
    await exited
    return said
  }

  test('starts on an empty database and says what to run', async () => {
    const empty = await createTestDatabase()
    const said = await saysAtStart(empty.url, /create-admin/)
    await empty.drop()
    expect(said).toContain('There is no merchant account yet.')
    expect(said).toContain('npm run admin -- add-account')
  })

  test('names the account that nobody works on', async () => {
    expect(await saysAtStart(created.url, /create-admin/)).toContain(
      'npm run admin -- create-admin --account shop-in --email',
    )
  })
})

const complaints = (shape: typeof accountOptions | typeof accountSecrets, value: unknown): string[] =>
  shape.safeParse(value).error?.issues.map((issue) => issue.message) ?? []

test.each([
  ['slug', 'Shop'],
  ['slug', 'a/b'],
  ['environment', 'live'],
  ['base-url', 'http://api.juspay.in'],
  ['base-url', 'https://api.juspay.in/session'],
  ['base-url', 'https://user:pw@api.juspay.in'],
  ['base-url', 'api.juspay.in'],
  ['merchant-id', ''],
  ['client-id', 'two words'],
  ['api-version', 'latest'],
  ['webhook-username', 'a:b'],
  ['return-page-url', 'javascript:alert(1)'],
  ['currency', 'rupees'],
])('--%s %s is refused by name', (option, value) => {
  const found = complaints(accountOptions, { ...OPTIONS, [option]: value })
  expect(found.length).toBeGreaterThan(0)
  expect(found[0]).toContain(`--${option} `)
})

test('a sandbox on this machine may be reached without encryption', () => {
  const url = 'http://127.0.0.1:4010'
  expect(complaints(accountOptions, { ...OPTIONS, environment: 'sandbox', 'base-url': url })).toEqual([])
})

test.each([
  ['apiKey', ''],
  ['apiKey', 'with blank'],
  ['webhookPassword', 'short'],
  ['responseKey', undefined],
  ['signingKey', 'no PEM'],
  ['signingKeyId', undefined],
])('secret %s as %s is refused by name, without its value', (name, value) => {
  const found = complaints(accountSecrets, { ...SECRETS, [name]: value })
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(name)
  expect(found[0]).not.toMatch(/with blank|short |no PEM/)
})

test('an unknown name among the secrets is refused: a misspelt one would be lost', () => {
  expect(complaints(accountSecrets, { ...SECRETS, respnseKey: 'x' })[0]).toContain('nothing else')
})
