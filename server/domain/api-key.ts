/** Keys of the merchant's programs for `/sdk`: what they may do, how often, how long. */

/** `sdk` is everything; the others are parts of it, for a program that needs no more. */
export const API_KEY_SCOPES = ['sdk', 'sdk:session', 'sdk:sign', 'sdk:amount'] as const

export type ApiKeyScope = (typeof API_KEY_SCOPES)[number]

/** What one route wants. */
export type ApiKeyNeed = Exclude<ApiKeyScope, 'sdk'>

/** What each scope lets a program do, as the settings screen says it. */
export const API_KEY_SCOPE_LABELS: Readonly<Record<ApiKeyScope, string>> = {
  sdk: 'Everything under /sdk',
  'sdk:session': 'Create sessions',
  'sdk:sign': 'Sign payloads',
  'sdk:amount': 'Change amounts of unpaid orders',
}

/** Calls a minute that can be chosen. */
export const API_KEY_RATES = [60, 600, 3_000] as const
export const API_KEY_RATE_DEFAULT = 600

/** Days after which a key ends that can be chosen; null for never. */
export const API_KEY_LIFETIMES = [30, 90, 365, null] as const

export const API_KEY_NAME_MAX = 100

/** Whether a key with these scopes may do what needs `need`. */
export function scopesAllow(scopes: readonly string[], need: ApiKeyNeed): boolean {
  return scopes.includes('sdk') || scopes.includes(need)
}

/** Whether a key works at `now`. */
export function isApiKeyAlive(key: { revokedAt: Date | null; expiresAt: Date | null }, now: Date): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now)
}

/** The window in which calls are counted. */
export const RATE_WINDOW_MS = 60_000

/**
 * How long a program must wait, in whole seconds; null when this call is allowed.
 * @param windowCalls calls since `windowStartedAt`, this one among them
 */
export function retryAfterSeconds(
  use: { windowCalls: number; windowStartedAt: Date; ratePerMinute: number },
  now: Date,
): number | null {
  if (use.windowCalls <= use.ratePerMinute) return null
  const leftMs = use.windowStartedAt.getTime() + RATE_WINDOW_MS - now.getTime()
  return Math.max(1, Math.ceil(leftMs / 1_000))
}
