import type { SeenStep } from '../domain/integration-proof.ts'
import type { Role } from '../domain/permission.ts'
import type { ProviderEvent } from '../domain/provider-order.ts'
import type { InspectedAccount, PastedPayload } from '../juspay/inspect-payload.ts'
import type { JuspayClient } from '../juspay/client.ts'
import type { Inspection } from '../domain/inspection.ts'
import type { JuspayError } from '../domain/provider-error.ts'
import type { ParseFailure } from '../juspay/translate.ts'
import type { ReturnParams, ReturnVerdict } from '../juspay/return-url.ts'
import type { InitiateInput, ProcessInput, SignedPayload } from '../juspay/signing.ts'
import type { Store } from '../store/store.ts'

/** What jobs and feeds wake up on. A wake-up carries no data and may be lost: everyone polls as well. */
export type WakeTopic = 'events' | 'refunds' | 'live' | 'replays' | 'bulk' | 'exports'

/** The merchant account as services need it; credentials stay inside the Juspay client made from them. */
export type AccountRef = { id: string; slug: string; currency: string; juspayMerchantId: string }

export type Log = {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** Everything a use case needs from outside, injected, so that tests and simulation can replace time and the network. */
export type Deps = {
  store: Store
  /** The client of one merchant account, with its credentials; cached per account by the composition root. */
  juspay(accountId: string): Promise<JuspayClient>
  /** Reads a webhook body (`translateEvent`). Never throws, whatever the bytes. */
  readEvent(body: Uint8Array, context: { currency: string }): ProviderEvent | ParseFailure
  clock: { now(): Date }
  ids: { uuid(): string }
  /** Wakes jobs and feeds, here and in other processes. Call after the commit. */
  wake(topic: WakeTopic): void
  log: Log
  /** How long webhook events are kept; a setting of the installation. */
  webhookRetentionDays: number
  /** Secret from which refund keys are derived (`unique_request_id`); never leaves the server. */
  refundKeySecret: Uint8Array
}

/** What the dashboard and the merchant's endpoints need beyond the core: people, payload signing, the sandbox, facts. */
export type AppDeps = Deps & {
  /** Hashes a new password the way the sign-in library checks it. */
  hashPassword(password: string): Promise<string>
  /** Signs and verifies with the keys of one merchant account, which stay inside. */
  signer(accountId: string): Promise<PayloadSigner>
  /** Writes down what was seen of the integration; nothing waits for it or fails by it. */
  noteProof(accountId: string, seen: SeenStep): void
  /** Explains payloads, return addresses and deliveries with the keys of one account, which stay inside. */
  inspector(accountId: string): Promise<Inspector>
  /** Seals the private half of a key (PEM) for `merchant_key`; opened only where it is used. */
  sealPrivateKey(pem: string): Uint8Array
  /** Makes one harmless call to Juspay with a key for `/v4` that is not in use yet; null when it was understood. */
  tryJwe(
    accountId: string,
    key: { id: string; keyId: string; juspayPublicKey: string },
  ): Promise<JuspayError | null>
  /** A new API key, and the hash that is stored of it. */
  mintApiKey(): { key: string; secretHash: Uint8Array }
  /** Seals and opens what `/sdk` was asked and answered. */
  sdkVault: { seal(text: string): Uint8Array; open(sealed: Uint8Array): string }
  /** Which credentials an account has; never what they are. */
  secretStates(accountId: string): Promise<SecretStates>
  /** Web address of a merchant account's return route, for sessions that name none. */
  returnUrl(slug: string): string
  /** The sandbox's control API; null when there is no sandbox. */
  sandboxControl: SandboxControl | null
  facts: DeploymentFacts
}

export type Inspector = {
  payload(pasted: PastedPayload, account: InspectedAccount): Inspection
  returnUrl(pasted: string): Inspection
  webhook(authorization: string, body: string): Inspection
}

export type SecretState = 'set' | 'missing'

export type SecretStates = {
  apiKey: SecretState
  webhookPassword: SecretState
  responseKey: SecretState
  signingKey: SecretState
}

/** The merchant's keys at work (API reference §2.4 and §7), without the keys. */
export type PayloadSigner = {
  merchantId: string
  clientId: string
  environment: 'sandbox' | 'production'
  /** Null when the account has no signing key, or Juspay has given its public half no id. */
  signing: {
    initiate(input: Omit<InitiateInput, 'merchantId'>): SignedPayload
    process(input: Omit<ProcessInput, 'merchantId'>): SignedPayload
  } | null
  /** Whether the parameters of a return URL carry Juspay's signature; null when there is no response key. */
  verifyReturn: ((params: ReturnParams) => ReturnVerdict) | null
}

export type SimulationList = {
  simulations: { name: string; title: string; story: string; result: string }[]
  /** What makes any of them harder: late, doubled, lost, masked. */
  switches: { name: string; title: string; story: string }[]
}

export type SimulationWish = { simulation: string; switches: readonly string[]; count: number }

/** The orders by their references, and how long it takes until everything has happened to them. */
export type SimulatedOrders = { orderRefs: string[]; lastsSeconds: number }

/** What one may ask of the sandbox; every call may fail with an Error when it is not running. */
export type SandboxControl = {
  /** What it can simulate, in its own words: the list of `npm run simulate -- --help`. */
  simulations(): Promise<SimulationList>
  /** Makes the orders of a simulation; `amount` is decimal text in major units. */
  simulate(input: SimulationWish & { merchantId: string; amount: string }): Promise<SimulatedOrders>
  sendTestEvent(input: { merchantId: string; name: string }): Promise<void>
  traffic(input: { perMinute: number; paused: boolean }): Promise<{ perMinute: number; paused: boolean }>
  /** The public halves (PEM) by key id that signed payloads are checked with from now on. */
  registerKeys(input: { merchantId: string; publicKeys: Readonly<Record<string, string>> }): Promise<void>
  /** Uploads a public half as a merchant does in Juspay's dashboard; answers the id it got, and Juspay's half for `/v4`. */
  uploadKey(input: {
    merchantId: string
    purpose: 'payload' | 'jwe'
    publicKey: string
  }): Promise<{ keyId: string; juspayPublicKey: string | null }>
}

/** Where and how this Paydesk runs, as far as screens and answers depend on it. */
export type DeploymentFacts = {
  publicUrl: string
  /** Null in production. */
  sandboxUrl: string | null
  /** Juspay's own HyperServices.js, when the demo checkout shall use it. */
  hyperSdkUrl: string | null
  /** The demo workspace's sign-ins, shown on the sign-in page; null outside the demo. */
  demo: { password: string; staff: readonly { email: string; role: Role }[] } | null
}
