/**
 * Where a merchant account's credentials are opened: once, here, and handed on only inside the things that use them (the
 * Juspay client, the payload signer, the receiver's table). Kept for a few seconds, so that a rotated key is picked up
 * and a webhook does not cost a decryption.
 */
import { assert } from './domain/assert.ts'
import { createJuspayClient, type JuspayClient } from './juspay/client.ts'
import { verifyReturnUrl } from './juspay/return-url.ts'
import { signInitiate, signProcess } from './juspay/signing.ts'
import type { PayloadSigner, SecretStates } from './services/deps.ts'
import type { AccountRecord } from './store/accounts.ts'
import { openSecrets, type AccountSecrets } from './store/sealing.ts'
import type { Store } from './store/store.ts'
import { createWebhookAccounts, type WebhookAccounts } from './webhook-accounts.ts'

const KEPT_MS = 5_000

export type AccountAccess = {
  juspay(accountId: string): Promise<JuspayClient>
  signer(accountId: string): Promise<PayloadSigner>
  secretStates(accountId: string): Promise<SecretStates>
  /** The account behind a webhook address. Answers from memory while the database is away. */
  webhookAccount: WebhookAccounts
  close(): Promise<void>
}

type Opened = { account: AccountRecord; secrets: AccountSecrets; readAt: number }

/** Opens accounts of `store` with keys derived from `secretKey`. */
export function createAccountAccess(store: Store, secretKey: Uint8Array): AccountAccess {
  const opened = new Map<string, Opened>()
  const clients = new Map<string, { client: JuspayClient; madeFor: string }>()

  const open = async (accountId: string): Promise<Opened> => {
    const kept = opened.get(accountId)
    if (kept && performance.now() - kept.readAt < KEPT_MS) return kept
    const [account, sealed] = await Promise.all([
      store.accounts.byId(accountId),
      store.accounts.secretsOf(accountId),
    ])
    assert(account !== null && sealed !== null, 'credentials are asked for an account that exists')
    const fresh = { account, secrets: openSecrets(secretKey, sealed), readAt: performance.now() }
    opened.set(accountId, fresh)
    return fresh
  }

  return {
    async juspay(accountId) {
      const { account, secrets } = await open(accountId)
      const config = {
        baseUrl: account.baseUrl,
        merchantId: account.juspayMerchantId,
        clientId: account.clientId,
        apiKey: secrets.apiKey,
        apiVersion: account.apiVersion,
      }
      const madeFor = JSON.stringify(config)
      const kept = clients.get(accountId)
      if (kept?.madeFor === madeFor) return kept.client
      const client = createJuspayClient(config)
      clients.set(accountId, { client, madeFor })
      // Calls in flight on the old credentials would become uncertain: it is closed with the rest.
      if (kept) clients.set(`${accountId} until ${Date.now()}`, kept)
      return client
    },
    signer: async (accountId) => signerOf(await open(accountId)),
    async secretStates(accountId) {
      const { secrets } = await open(accountId)
      const state = (secret: string | null) => (secret === null || secret === '' ? 'missing' : 'set')
      return {
        apiKey: state(secrets.apiKey),
        webhookPassword: state(secrets.webhookPassword),
        responseKey: state(secrets.responseKey),
        signingKey: state(secrets.signingKey),
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

function signerOf({ account, secrets }: Opened): PayloadSigner {
  const { signingKey, responseKey } = secrets
  const { merchantKeyId, juspayMerchantId: merchantId } = account
  const key =
    signingKey === null || merchantKeyId === null ? null : { privateKeyPem: signingKey, merchantKeyId }
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
