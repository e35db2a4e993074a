/** Uploads the demo account's public key to the sandbox, as a merchant uploads its own at Juspay (API reference §2.4). */
import { setTimeout as wait } from 'node:timers/promises'
import type { AppDeps } from './services/deps.ts'

const AGAIN_MS = 1_000

export type DemoKeyOptions = {
  accountId: string
  signal: AbortSignal
  /** Pause between tries, in milliseconds. */
  againMs?: number
}

/**
 * Tries until the sandbox has taken the key, since it may start after us, or until `signal` aborts. From then on the
 * sandbox checks every signature. Never rejects: without the key the demo still works, unchecked.
 */
export async function registerDemoKey(
  deps: Pick<AppDeps, 'store' | 'sandboxControl' | 'log'>,
  options: DemoKeyOptions,
): Promise<void> {
  const { signal, againMs = AGAIN_MS } = options
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      await register(deps, options)
      return
    } catch (error) {
      // The first ones are the sandbox starting up.
      if (tries === 10) deps.log.warn({ err: error }, 'the sandbox has not taken the demo signing key yet')
    }
    await wait(againMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

async function register(
  { store, sandboxControl }: Pick<AppDeps, 'store' | 'sandboxControl'>,
  { accountId }: DemoKeyOptions,
): Promise<void> {
  const [account, keys] = await Promise.all([
    store.accounts.byId(accountId),
    store.merchantKeys.list(accountId),
  ])
  if (!account || !sandboxControl) return
  const accepted = keys.flatMap(({ purpose, state, keyId, publicKey }) =>
    purpose === 'payload' && state !== 'retired' && keyId !== null ? [[keyId, publicKey] as const] : [],
  )
  if (accepted.length === 0) return
  const publicKeys = Object.fromEntries(accepted)
  await sandboxControl.registerKeys({ merchantId: account.juspayMerchantId, publicKeys })
}
