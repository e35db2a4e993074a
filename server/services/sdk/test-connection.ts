import type { StaffActor } from '../../domain/actor.ts'
import { NO_ORDER } from '../../domain/integration-proof.ts'
import { describeError } from '../../domain/provider-error.ts'
import type { AppDeps } from '../deps.ts'

export type ConnectionTest = {
  /** Juspay understood and believed the call. */
  accepted: boolean
  tookMs: number
  words: string
}

/** One harmless question to Juspay with the account's credentials. What it proves is noted by the client. */
export async function testConnection(deps: AppDeps, actor: StaffActor): Promise<ConnectionTest> {
  const juspay = await deps.juspay(actor.accountId)
  const begun = deps.clock.now().getTime()
  const answer = await juspay.getOrder(NO_ORDER, { routingId: NO_ORDER })
  const tookMs = deps.clock.now().getTime() - begun
  // "No such order" is said only to somebody whose call was believed.
  const accepted = answer.ok || (answer.error.kind === 'rejected' && answer.error.reason === 'not_found')
  await deps.store.audit.append({
    actor,
    action: 'integration.test_connection',
    subjectKind: 'merchant_account',
    subjectId: actor.accountId,
    outcome: 'done',
    after: { accepted, tookMs },
  })
  const words = accepted || answer.ok ? 'Juspay accepts our credentials.' : `${describeError(answer.error)}.`
  return { accepted, tookMs, words }
}
