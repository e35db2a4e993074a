import { Refusal } from '../../domain/refusal.ts'
import { testConnection, type ConnectionTest } from '../../services/sdk/test-connection.ts'
import { procedure, router } from '../init.ts'
import { integrationFacts } from '../integration-facts.ts'
import { integrationView, type IntegrationView } from '../views/integration.ts'

export const integrationRouter = router({
  /** Each step with what was seen of it and when, and the switches at Juspay that say nothing when they are off. */
  overview: procedure('settings:read').query(async ({ ctx }): Promise<IntegrationView> => {
    const { deps, signedIn } = ctx
    const account = await deps.store.accounts.byId(signedIn.accountId)
    if (!account) throw new Refusal('not_found', 'There is no such merchant account.')
    return integrationView(await integrationFacts(deps, account.id), {
      webhookUrl: `${deps.facts.publicUrl}/webhooks/juspay/${account.slug}`,
      webhookUsername: account.webhookUsername,
      returnUrl: deps.returnUrl(account.slug),
    })
  }),

  testConnection: procedure('settings:read').mutation(({ ctx }): Promise<ConnectionTest> =>
    testConnection(ctx.deps, ctx.signedIn),
  ),
})
