import { describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { KeysSection } from '../../../client/features/settings/keys-section.tsx'
import type {
  ApiKeyRow,
  KeysSettings,
  MerchantKey,
} from '../../../client/features/settings/settings-types.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'

const AT = new Date('2026-11-22T09:00:00Z')
const KEY: MerchantKey = {
  id: '00000000-0000-4000-8000-0000000000e1',
  purpose: 'payload',
  state: 'current',
  keyId: '2980',
  fingerprint: 'ab'.repeat(32),
  publicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
  createdBy: 'Kavya Iyer',
  createdAt: AT,
  activatedAt: AT,
  retiredAt: null,
}
const WAITING: MerchantKey = {
  ...KEY,
  id: '00000000-0000-4000-8000-0000000000e2',
  state: 'waiting',
  keyId: null,
  fingerprint: 'cd'.repeat(32),
}
const JWE: MerchantKey = {
  ...KEY,
  id: '00000000-0000-4000-8000-0000000000e3',
  purpose: 'jwe',
  keyId: 'key_7',
}
const API_KEY: ApiKeyRow = {
  id: '00000000-0000-4000-8000-0000000000e4',
  name: 'shop-server',
  prefix: 'pd_live_abcd',
  scopes: ['sdk:session'],
  ratePerMinute: 600,
  createdBy: 'Kavya Iyer',
  createdAt: AT,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  alive: true,
}

type Answers = Parameters<typeof fakeApi>[0]

async function keys(settings: Partial<KeysSettings> = {}, role: Role = 'admin', answers: Answers = {}) {
  const api = fakeApi({
    'keys.list': () => ({ authMode: 'basic', sandbox: true, keys: [KEY], ...settings }),
    'keys.apiKeys': () => [API_KEY],
    'keys.add': () => WAITING,
    'keys.activate': () => ({ activated: true }),
    'keys.retire': () => ({ retired: true }),
    'keys.uploadToSandbox': () => ({ keyId: '31415', juspayPublicKey: null }),
    'keys.setAuthMode': () => ({ mode: 'jwe' }),
    'keys.createApiKey': () => ({ key: 'pd_live_the-secret-itself' }),
    'keys.revokeApiKey': () => ({ revoked: true }),
    ...answers,
  })
  const screen = await render(
    <TestApp api={api} role={role}>
      <KeysSection />
    </TestApp>,
  )
  const sent = (path: string) => api.calls.filter((call) => call.path === path).map(({ input }) => input)
  return { screen, sent }
}

describe('keys', () => {
  test('a pair is made on the server, or a private key is pasted once', async () => {
    const { screen, sent } = await keys()
    await screen.getByRole('button', { name: 'Add key to signing keys' }).click()
    const dialog = screen.getByRole('dialog')
    await dialog.getByLabelText('Key').selectOptions('mine')
    await dialog.getByRole('button', { name: 'Add key' }).click({ force: true })
    expect(sent('keys.add')).toEqual([])
    await dialog.getByLabelText('Private key').fill('-----BEGIN PRIVATE KEY-----')
    await dialog.getByRole('button', { name: 'Add key' }).click()
    await expect
      .poll(() => sent('keys.add'))
      .toEqual([{ purpose: 'payload', privateKeyPem: '-----BEGIN PRIVATE KEY-----' }])
    await expect.element(dialog).not.toBeInTheDocument()
  })

  test('the waiting key gets its ID from the sandbox by a click, and is then used', async () => {
    const { screen, sent } = await keys({ keys: [WAITING, KEY] })
    await expect.element(screen.getByText('Waiting for its ID')).toBeVisible()
    await screen.getByRole('button', { name: /^Enter the ID of/ }).click()
    await screen.getByRole('button', { name: 'Upload to the sandbox' }).click()
    await expect.element(screen.getByLabelText('Key ID')).toHaveValue('31415')
    await screen.getByRole('button', { name: 'Use this key' }).click()
    await expect
      .poll(() => sent('keys.activate'))
      .toEqual([{ id: WAITING.id, keyId: '31415', juspayPublicKey: null }])
  })

  test('what Juspay does not take stays in the dialog, with the reason', async () => {
    const message = 'A test call with this key did not work.'
    const { screen } = await keys({ keys: [{ ...WAITING, purpose: 'jwe' }] }, 'admin', {
      'keys.activate': () => new Refused('BAD_GATEWAY', 'provider_unauthorised', message),
    })
    await screen.getByRole('button', { name: /^Enter the ID of/ }).click()
    await screen.getByLabelText('Key ID').fill('key_1')
    await screen.getByLabelText('Juspay’s public key').fill('-----BEGIN PUBLIC KEY-----')
    await screen.getByRole('button', { name: 'Use this key' }).click()
    await expect.element(screen.getByText(message)).toBeVisible()
  })

  test('the key in use is retired only after a question that says what ends', async () => {
    const { screen, sent } = await keys()
    await screen.getByRole('button', { name: 'Retire 2980' }).click()
    await expect.element(screen.getByText('Nothing can be signed until another key is in use.')).toBeVisible()
    await screen.getByRole('dialog').getByRole('button', { name: 'Retire 2980' }).click()
    await expect.poll(() => sent('keys.retire')).toEqual([{ id: KEY.id }])
  })

  test('calls are signed and encrypted only with a JWT key', async () => {
    const without = await keys()
    await without.screen.getByRole('button', { name: 'Sign and encrypt calls' }).click({ force: true })
    expect(without.sent('keys.setAuthMode')).toEqual([])
    await without.screen.unmount()
    const { screen, sent } = await keys({ keys: [KEY, JWE] })
    await screen.getByRole('button', { name: 'Sign and encrypt calls' }).click()
    await screen.getByRole('dialog').getByRole('button', { name: 'Sign and encrypt calls' }).click()
    await expect.poll(() => sent('keys.setAuthMode')).toEqual([{ mode: 'jwe' }])
  })
})

describe('API keys', () => {
  test('a new one is shown once', async () => {
    const { screen, sent } = await keys()
    await screen.getByRole('button', { name: 'Create API key' }).click()
    await screen.getByLabelText('Name').fill('shop-server')
    await screen.getByLabelText('Everything under /sdk').click()
    await screen.getByLabelText('Sign payloads').click()
    await screen.getByLabelText('Ends').selectOptions('90')
    await screen.getByRole('dialog').getByRole('button', { name: 'Create API key' }).click()
    await expect.element(screen.getByText('pd_live_the-secret-itself')).toBeVisible()
    expect(sent('keys.createApiKey')).toEqual([
      { name: 'shop-server', scopes: ['sdk:sign'], ratePerMinute: 600, days: 90 },
    ])
    await screen.getByRole('button', { name: 'Done' }).click()
    await expect.element(screen.getByText('pd_live_the-secret-itself')).not.toBeInTheDocument()
  })

  test('says what it may, and ends after a question', async () => {
    const { screen, sent } = await keys()
    await expect.element(screen.getByText('Create sessions')).toBeVisible()
    await screen.getByRole('button', { name: 'Revoke shop-server' }).click()
    await screen.getByRole('dialog').getByRole('button', { name: 'Revoke shop-server' }).click()
    await expect.poll(() => sent('keys.revokeApiKey')).toEqual([{ id: API_KEY.id }])
  })

  test('people who only see settings change nothing', async () => {
    const { screen, sent } = await keys({}, 'developer')
    await expect
      .element(screen.getByText('Your role (Developer) cannot change credentials.').last())
      .toBeVisible()
    await screen.getByRole('button', { name: 'Create API key' }).click({ force: true })
    await screen.getByRole('button', { name: 'Revoke shop-server' }).click({ force: true })
    await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
    expect(sent('keys.revokeApiKey')).toEqual([])
  })
})
