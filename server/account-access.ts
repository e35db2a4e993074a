/**
 * Where a merchant account's credentials are opened: once, here, and handed on only inside the things that use them (the
 * Juspay client, the payload signer, the receiver's table). Kept for a few seconds, so that a rotated key is picked up
 * and a webhook does not cost a decryption.
 */
import { assert } from './domain/assert.ts'
import { NO_ORDER } from './domain/integration-proof.ts'
import { createJuspayClient, type JuspayClient } from './juspay/client.ts'
import { verifyReturnUrl } from './juspay/return-url.ts'
import { inspectPayload } from './juspay/inspect-payload.ts'
import { inspectReturn } from './juspay/inspect-return.ts'
import { inspectWebhook } from './juspay/inspect-webhook.ts'
import type { JweKeys } from './juspay/jwe.ts'
import { signInitiate, signProcess, type SigningKey } from './juspay/signing.ts'
import type { JuspayError } from './domain/provider-error.ts'
import type { AppDeps, PayloadSigner, SecretStates } from './services/deps.ts'
import type { AccountRecord } from './store/accounts.ts'
import type { KeyPurpose, MerchantKeyRecord } from './store/merchant-keys.ts'
import { openBytes, openSecrets, PRIVATE_KEYS, type AccountSecrets } from './store/sealing.ts'
import type { Store } from './store/store.ts'
import { createWebhookAccounts, type WebhookAccounts } from './webhook-accounts.ts'

const KEPT_MS = 5_000

export type AccountAccess = {
  juspay(accountId: string): Promise<JuspayClient>
  signer(accountId: string): Promise<PayloadSigner>
  secretStates(accountId: string): Promise<SecretStates>
  tryJwe: AppDeps['tryJwe']
  inspector: AppDeps['inspector']
  /** The account behind a webhook address. Answers from memory while the database is away. */
  webhookAccount: WebhookAccounts
  close(): Promise<void>
}

type Opened = {
  account: AccountRecord
  secrets: AccountSecrets
  signing: SigningKey | null
  jwe: JweKeys | null
  readAt: number
}

/**
 * Opens accounts of `store` with keys derived from `secretKey`.
 * @param watch sees the calls of each account's client
 */
export function createAccountAccess(
  store: Store,
  secretKey: Uint8Array,
  watch: (accountId: string, client: JuspayClient) => JuspayClient = (_accountId, client) => client,
): AccountAccess {
  const opened = new Map<string, Opened>()
  const clients = new Map<string, { client: JuspayClient; madeFor: string }>()

  const open = async (accountId: string): Promise<Opened> => {
    const kept = opened.get(accountId)
    if (kept && performance.now() - kept.readAt < KEPT_MS) return kept
    const [account, sealed, keys] = await Promise.all([
      store.accounts.byId(accountId),
      store.accounts.secretsOf(accountId),
      store.merchantKeys.list(accountId),
    ])
    assert(account !== null && sealed !== null, 'credentials are asked for an account that exists')
    const [payload, jwe] = [current(keys, 'payload'), current(keys, 'jwe')]
    const fresh = {
      account,
      secrets: openSecrets(secretKey, sealed),
      signing: payload && {
        merchantKeyId: payload.keyId,
        privateKeyPem: await privateHalf(accountId, payload.id),
      },
      jwe: jwe && (await jweKeys(accountId, jwe)),
      readAt: performance.now(),
    }
    opened.set(accountId, fresh)
    return fresh
  }
  const privateHalf = async (accountId: string, keyId: string): Promise<string> => {
    const sealed = await store.merchantKeys.sealedPrivateKey(accountId, keyId)
    assert(sealed !== null, 'a key in use has its private half')
    return openBytes(secretKey, PRIVATE_KEYS, sealed).toString('utf8')
  }
  const jweKeys = async (
    accountId: string,
    key: { id: string; keyId: string; juspayPublicKey: string | null },
  ): Promise<JweKeys> => ({
    keyId: key.keyId,
    privateKeyPem: await privateHalf(accountId, key.id),
    juspayPublicKeyPem: key.juspayPublicKey ?? '',
  })
  const configOf = ({ account, secrets }: Opened, jwe: JweKeys | null) => ({
    baseUrl: account.baseUrl,
    merchantId: account.juspayMerchantId,
    clientId: account.clientId,
    apiKey: secrets.apiKey,
    apiVersion: account.apiVersion,
    jwe,
  })

  return {
    async juspay(accountId) {
      const opened = await open(accountId)
      // The database lets no account be in this mode without a key; a key retired by hand must not open the old way.
      assert(opened.account.authMode === 'basic' || opened.jwe !== null, 'an account on /v4 has a key for it')
      const config = configOf(opened, opened.account.authMode === 'jwe' ? opened.jwe : null)
      const madeFor = JSON.stringify(config)
      const kept = clients.get(accountId)
      if (kept?.madeFor === madeFor) return kept.client
      const client = watch(accountId, createJuspayClient(config))
      clients.set(accountId, { client, madeFor })
      // Calls in flight on the old credentials would become uncertain: it is closed with the rest.
      if (kept) clients.set(`${accountId} until ${Date.now()}`, kept)
      return client
    },
    signer: async (accountId) => signerOf(await open(accountId)),
    async secretStates(accountId) {
      const { secrets, signing } = await open(accountId)
      const state = (secret: string | null) => (secret === null || secret === '' ? 'missing' : 'set')
      return {
        apiKey: state(secrets.apiKey),
        webhookPassword: state(secrets.webhookPassword),
        responseKey: state(secrets.responseKey),
        signingKey: signing === null ? 'missing' : 'set',
      }
    },
    async tryJwe(accountId, key) {
      const account = await open(accountId)
      const client = createJuspayClient(configOf(account, await jweKeys(accountId, key)))
      try {
        const answer = await client.getOrder(NO_ORDER, { routingId: NO_ORDER })
        return answer.ok || understood(answer.error) ? null : answer.error
      } finally {
        await client.close()
      }
    },
    async inspector(accountId) {
      const { account, secrets } = await open(accountId)
      const responseKey = secrets.responseKey === '' ? null : secrets.responseKey
      const credentials = {
        username: account.webhookUsername,
        password: secrets.webhookPassword,
        previousPassword: secrets.previousWebhookPassword,
      }
      return {
        payload: inspectPayload,
        returnUrl: (pasted) => inspectReturn(pasted, responseKey),
        webhook: (authorization, body) => inspectWebhook(authorization, body, credentials),
      }
    },
    webhookAccount: createWebhookAccounts(() => store.accounts.credentials(), secretKey),
    async close() {
      await Promise.all([...clients.values()].map(({ client }) => client.close()))
      clients.clear()
      opened.clear()
    },
  }
}

function current(keys: readonly MerchantKeyRecord[], purpose: KeyPurpose) {
  const key = keys.find((each) => each.purpose === purpose && each.state === 'current')
  return key === undefined || key.keyId === null ? null : { ...key, keyId: key.keyId }
}

/** "No such order" is said only to somebody whose call was opened and believed. */
function understood(error: JuspayError): boolean {
  return error.kind === 'rejected' && error.reason === 'not_found'
}

function signerOf({ account, secrets, signing: key }: Opened): PayloadSigner {
  const { responseKey } = secrets
  const { juspayMerchantId: merchantId } = account
  return {
    merchantId,
    clientId: account.clientId,
    environment: account.environment,
    signing: key && {
      initiate: (input) => signInitiate({ ...input, merchantId }, key),
      process: (input) => signProcess({ ...input, merchantId }, key),
    },
    verifyReturn:
      responseKey === null || responseKey === '' ? null : (params) => verifyReturnUrl(params, responseKey),
  }
}
