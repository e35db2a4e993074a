/** What is known of the integration of one account, put together from the rows that its work leaves. Reads only. */
import { DAY_MS } from '../domain/event-rate.ts'
import type { IntegrationFacts, Proof, Seen } from '../domain/integration.ts'
import type { ProofStep } from '../domain/integration-proof.ts'
import { CONFLICT_THRESHOLD_MS } from '../domain/late-success.ts'
import { Refusal } from '../domain/refusal.ts'
import type { AppDeps } from '../services/deps.ts'
import type { ProofRecord } from '../store/integration-proofs.ts'
import { rejectionCauseView } from './views/health.ts'
import { silenceNow } from './webhook-health.ts'

/** How far back refused deliveries count against the webhooks. */
const REFUSED_MS = 7 * DAY_MS
/** Juspay returns a payment within one threshold; another is for the message to arrive. */
const KEPT_AFTER_MS = 2 * CONFLICT_THRESHOLD_MS
const CONFLICTS_COUNTED_MAX = 100

/** @throws Refusal `not_found` */
export async function integrationFacts(deps: AppDeps, accountId: string): Promise<IntegrationFacts> {
  const { store, clock } = deps
  const now = clock.now().getTime()
  const account = await store.accounts.byId(accountId)
  if (!account) throw new Refusal('not_found', 'There is no such merchant account.')
  const [proofs, secrets, silence, refused, refunds, keptConflicts] = await Promise.all([
    store.integrationProofs.list(accountId),
    deps.secretStates(accountId),
    silenceNow(deps, accountId),
    store.webhookEvents.rejections(accountId, new Date(now - REFUSED_MS)),
    store.integrationProofs.refunds(accountId),
    store.integrationProofs.keptConflicts(accountId, new Date(now - KEPT_AFTER_MS), CONFLICTS_COUNTED_MAX),
  ])
  const newest = refused
    .map((found) => rejectionCauseView(found, account.webhookUsername))
    .filter(({ last }) => last !== null)
    .toSorted((a, b) => b.lastAt.getTime() - a.lastAt.getTime())[0]
  return {
    environment: account.environment,
    authMode: account.authMode,
    secrets,
    proofs: proofsOf(proofs),
    webhook: {
      receivedAt: silence.since,
      silent: silence.silent,
      refused: newest?.last
        ? { at: newest.lastAt, words: `${newest.last.words}.`, advice: newest.advice ?? '' }
        : null,
    },
    refund: refunds.ours && { at: refunds.ours.at, words: refunds.ours.orderRef },
    autoRefund: refunds.auto && { at: refunds.auto.at, words: refunds.auto.orderRef },
    keptConflicts,
  }
}

function proofsOf(records: readonly ProofRecord[]): Record<ProofStep, Proof> {
  const of = (step: ProofStep): Proof => {
    const record = records.find((each) => each.step === step)
    return {
      proved: seen(record?.provedAt, record?.proof),
      failed: seen(record?.failedAt, record?.failure),
    }
  }
  return {
    credentials: of('credentials'),
    signed: of('signed'),
    initiate: of('initiate'),
    session: of('session'),
    process: of('process'),
    return: of('return'),
    status: of('status'),
    refund: of('refund'),
  }
}

function seen(at: Date | null | undefined, words: string | null | undefined): Seen | null {
  return at && typeof words === 'string' ? { at, words } : null
}
