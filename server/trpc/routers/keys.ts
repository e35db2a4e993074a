import { z } from 'zod'
import { API_KEY_LIFETIMES, API_KEY_NAME_MAX, API_KEY_RATES, API_KEY_SCOPES } from '../../domain/api-key.ts'
import { Refusal } from '../../domain/refusal.ts'
import { addApiKey, revokeApiKey } from '../../services/accounts/api-keys.ts'
import { activateKey } from '../../services/keys/activate-key.ts'
import { addKey } from '../../services/keys/add-key.ts'
import { retireKey } from '../../services/keys/retire-key.ts'
import { setAuthMode } from '../../services/keys/set-auth-mode.ts'
import { uploadToSandbox } from '../../services/keys/upload-to-sandbox.ts'
import { AUTH_MODES } from '../../store/accounts.ts'
import { KEY_PURPOSES } from '../../store/merchant-keys.ts'
import { procedure, router } from '../init.ts'
import {
  apiKeyView,
  merchantKeyView,
  type ApiKeyView,
  type KeysView,
  type MerchantKeyView,
} from '../views/keys.ts'

const PEM_MAX = 10_000
const DAY_MS = 86_400_000

const byId = z.strictObject({ id: z.uuid() })
const keyId = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,100}$/, 'must be the id that Juspay shows for the uploaded key')

/** Credentials of the account: read by those who see settings, changed by those who may, each with a fresh proof. */
export const keysRouter = router({
  list: procedure('settings:read').query(async ({ ctx }): Promise<KeysView> => {
    const { store, sandboxControl } = ctx.deps
    const account = await store.accounts.byId(ctx.signedIn.accountId)
    if (!account) throw new Refusal('not_found', 'There is no such merchant account.')
    const keys = await store.merchantKeys.list(account.id)
    return {
      authMode: account.authMode,
      sandbox: account.environment === 'sandbox' && sandboxControl !== null,
      keys: keys.map(merchantKeyView),
    }
  }),

  /** Without a private key one is made here. It is sealed at once and never told again. */
  add: procedure('settings:secrets', { stepUp: true })
    .input(
      z.strictObject({
        purpose: z.enum(KEY_PURPOSES),
        privateKeyPem: z.string().max(PEM_MAX).nullable().default(null),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<MerchantKeyView> =>
      merchantKeyView(await addKey(ctx.deps, ctx.signedIn, input)),
    ),

  activate: procedure('settings:secrets', { stepUp: true })
    .input(byId.extend({ keyId, juspayPublicKey: z.string().max(PEM_MAX).nullable().default(null) }))
    .mutation(async ({ ctx, input }): Promise<{ activated: true }> => {
      await activateKey(ctx.deps, ctx.signedIn, input)
      return { activated: true }
    }),

  retire: procedure('settings:secrets', { stepUp: true })
    .input(byId)
    .mutation(async ({ ctx, input }): Promise<{ retired: true }> => {
      await retireKey(ctx.deps, ctx.signedIn, input)
      return { retired: true }
    }),

  uploadToSandbox: procedure('settings:secrets')
    .input(byId)
    .mutation(({ ctx, input }) => uploadToSandbox(ctx.deps, ctx.signedIn, input)),

  setAuthMode: procedure('settings:secrets', { stepUp: true })
    .input(z.strictObject({ mode: z.enum(AUTH_MODES) }))
    .mutation(async ({ ctx, input }): Promise<{ mode: (typeof AUTH_MODES)[number] }> => {
      await setAuthMode(ctx.deps, ctx.signedIn, input)
      return input
    }),

  apiKeys: procedure('settings:read').query(async ({ ctx }): Promise<ApiKeyView[]> => {
    const keys = await ctx.deps.store.apiKeys.list(ctx.signedIn.accountId)
    return keys.map((key) => apiKeyView(key, ctx.deps.clock.now()))
  }),

  /** The answer is the only time the key is told. */
  createApiKey: procedure('settings:secrets', { stepUp: true })
    .input(
      z.strictObject({
        name: z.string().trim().min(1).max(API_KEY_NAME_MAX),
        scopes: z.array(z.enum(API_KEY_SCOPES)).min(1).max(API_KEY_SCOPES.length),
        ratePerMinute: z.literal(API_KEY_RATES),
        days: z.literal(API_KEY_LIFETIMES),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ key: string }> => {
      const { days, ...key } = input
      const expiresAt = days === null ? null : new Date(ctx.deps.clock.now().getTime() + days * DAY_MS)
      const mint = () => ctx.deps.mintApiKey()
      return { key: await addApiKey({ store: ctx.deps.store, mint }, ctx.signedIn, { ...key, expiresAt }) }
    }),

  revokeApiKey: procedure('settings:secrets', { stepUp: true })
    .input(byId)
    .mutation(async ({ ctx, input }): Promise<{ revoked: true }> => {
      await revokeApiKey(ctx.deps, ctx.signedIn, input)
      return { revoked: true }
    }),
})
