/** What the money and messages that came show of the switches that Juspay never reports (API reference §1.6). */
import { integrationStep, type Fix, type IntegrationFacts } from './integration.ts'

/** A switch of the account at Juspay that says nothing when it is off (API reference §1.6). */
export type SilentSwitch = {
  id: 'signed_response' | 'webhooks' | 'post_return' | 'auto_refund' | 'encryption'
  title: string
  /** Juspay's name of it. */
  flag: string
  /** `note`: either way is right. */
  state: 'on' | 'off' | 'unknown' | 'note'
  words: string
  fix: Fix | null
}

/** Each of them, from what was seen. */
export function silentSwitches(facts: IntegrationFacts): SilentSwitch[] {
  return [signedResponse(facts), webhooks(facts), postReturn(facts), autoRefund(facts), encryption(facts)]
}

function signedResponse(facts: IntegrationFacts): SilentSwitch {
  const step = integrationStep('return', facts)
  const base = {
    id: 'signed_response',
    title: 'Signed return address',
    flag: 'enablePaymentResponseHash',
  } as const
  const { proved, failed } = facts.proofs.return
  if (step.state === 'proved') return { ...base, state: 'on', words: step.words, fix: null }
  if (failed?.words === 'unsigned' || (failed !== null && proved === null))
    return { ...base, state: 'off', words: step.words, fix: step.fix }
  return { ...base, state: 'unknown', words: 'Nobody has come back yet.', fix: step.fix }
}

function webhooks(facts: IntegrationFacts): SilentSwitch {
  const { receivedAt, silent } = facts.webhook
  const fix: Fix = {
    words:
      'At Juspay open Payments, Settings, Webhook: is the address there, and are the events switched on?',
    to: '/events/health',
  }
  const base = { id: 'webhooks', title: 'Webhooks', flag: 'enableOrderNotification, webHookurl' } as const
  if (receivedAt !== null && silent)
    return {
      ...base,
      state: 'off',
      words: 'They came and have stopped: it has been silent for much longer than is usual at this hour.',
      fix,
    }
  if (receivedAt !== null) return { ...base, state: 'on', words: 'They come.', fix: null }
  const { session, status } = facts.proofs
  const works = session.proved !== null || status.proved !== null
  return works
    ? { ...base, state: 'off', words: 'Juspay answers our calls and has never sent a webhook.', fix }
    : { ...base, state: 'unknown', words: 'Nothing has happened yet that they would tell.', fix }
}

function postReturn(facts: IntegrationFacts): SilentSwitch {
  const base = { id: 'post_return', title: 'Return by POST', flag: 'redirectToMerchantWithHttpPost' } as const
  const { proved } = facts.proofs.return
  return proved === null
    ? {
        ...base,
        state: 'unknown',
        words: 'Nobody has come back yet. GET and POST are both taken.',
        fix: null,
      }
    : {
        ...base,
        state: 'note',
        words: `Customers come back by ${proved.words}. GET and POST are both taken.`,
        fix: null,
      }
}

function autoRefund(facts: IntegrationFacts): SilentSwitch {
  const base = {
    id: 'auto_refund',
    title: 'Automatic refund of late and double payments',
    flag: 'autoRefundConflictTransactions',
  } as const
  const { keptConflicts, autoRefund: seen } = facts
  if (keptConflicts > 0) {
    const payments = keptConflicts === 1 ? 'One payment' : `${keptConflicts} payments`
    return {
      ...base,
      state: 'off',
      words: `${payments} came late or twice, and the money is still here.`,
      fix: {
        words:
          'At Juspay switch on Settings, Conflict. Until then each is a work item: refund it, or keep it.',
        to: '/reconciliation',
      },
    }
  }
  if (seen !== null)
    return { ...base, state: 'on', words: `Juspay returned order ${seen.words} by itself.`, fix: null }
  return {
    ...base,
    state: 'unknown',
    words: 'No payment came late or twice yet. Off is Juspay’s default.',
    fix: { words: 'Look at Settings, Conflict, at Juspay.', to: null },
  }
}

function encryption(facts: IntegrationFacts): SilentSwitch {
  const base = {
    id: 'encryption',
    title: 'Signed and encrypted calls',
    flag: 'basiliskKeyId, encryptionKeyIds',
  } as const
  if (facts.authMode === 'basic')
    return { ...base, state: 'note', words: 'Not used: calls are made with the API key.', fix: null }
  const { proved, failed } = facts.proofs.credentials
  const works = proved !== null && (failed === null || proved.at > failed.at)
  return works
    ? { ...base, state: 'on', words: 'Juspay opens our calls, and we its answers.', fix: null }
    : {
        ...base,
        state: failed === null ? 'unknown' : 'off',
        words: failed?.words ?? 'No call was made yet.',
        fix: { words: 'Look at the key for /v4, or go back to the API key.', to: '/settings?section=keys' },
      }
}
