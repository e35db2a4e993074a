import { setTimeout as delay } from 'node:timers/promises'
import { openSecrets } from './sealing.ts'
import type { Store } from './store.ts'

/** How long a changed webhook password may take to be seen by this process. */
const FRESH_MS = 2_000
/** Longest wait for a newer answer when an older one is at hand. */
const REFRESH_WAIT_MS = 600

type Known = { id: string; slug: string; username: string; passwords: string[] }

/**
 * The accounts and passwords that the webhook receiver checks, kept for a few seconds: the receiver then makes one
 * round trip per delivery, and a flood for unknown accounts makes none. While the database is away the last answer
 * stays good; storing the delivery will fail by itself.
 */
export function webhookAccounts(
  store: Store,
  secretKey: Uint8Array,
  clock: { now(): Date },
): (slug: string) => Promise<Known | null> {
  let known: Map<string, Known> | null = null
  let freshUntil = 0
  let loading: Promise<void> | null = null
  const load = async (): Promise<void> => {
    const rows = await store.accounts.credentials()
    known = new Map(
      rows.map(({ id, slug, webhookUsername, sealedSecrets }) => {
        const secrets = openSecrets(secretKey, sealedSecrets)
        const passwords = [secrets.webhookPassword, secrets.previousWebhookPassword]
        return [
          slug,
          { id, slug, username: webhookUsername, passwords: passwords.filter((word) => word !== null) },
        ]
      }),
    )
    freshUntil = clock.now().getTime() + FRESH_MS
  }
  const refresh = (): Promise<void> => {
    loading ??= load().finally(() => {
      loading = null
    })
    return loading
  }
  return async (slug) => {
    if (known === null) await refresh()
    else if (clock.now().getTime() >= freshUntil)
      await Promise.race([
        refresh().catch(() => undefined),
        delay(REFRESH_WAIT_MS, undefined, { ref: false }),
      ])
    return known?.get(slug) ?? null
  }
}
