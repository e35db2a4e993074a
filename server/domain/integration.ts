/**
 * The integration with Juspay as a list of steps: what was seen of each by us and when, what is missing, and how to put
 * it right. It is read from rows that the work itself leaves; nothing here is a box that somebody ticks.
 */
import type { ProofStep } from './integration-proof.ts'

/** The parties of the integration. */
export type Party = 'page' | 'server' | 'juspay'

export const INTEGRATION_STEPS = [
  'credentials',
  'signed',
  'initiate',
  'session',
  'process',
  'return',
  'webhook',
  'status',
  'refund',
] as const

export type IntegrationStepId = (typeof INTEGRATION_STEPS)[number]

/** The right thing to do, and where in Paydesk, when there is such a place. */
export type Fix = { words: string; to: string | null }

export type IntegrationStep = {
  id: IntegrationStepId
  title: string
  /** The call or message. */
  call: string
  from: Party
  to: Party
  /** `failing`: it was seen not to work after it was last seen to work, or never worked. */
  state: 'proved' | 'failing' | 'missing'
  provedAt: Date | null
  /** What was seen, or that nothing was. */
  words: string
  failedAt: Date | null
  fix: Fix | null
}

/** One observation of a step: by what it was seen, and when. */
export type Seen = { at: Date; words: string }
export type Proof = { proved: Seen | null; failed: Seen | null }

export type IntegrationFacts = {
  environment: 'sandbox' | 'production'
  authMode: 'basic' | 'jwe'
  secrets: Readonly<Record<'apiKey' | 'webhookPassword' | 'responseKey' | 'signingKey', 'set' | 'missing'>>
  proofs: Readonly<Record<ProofStep, Proof>>
  /** The newest webhook with the right credentials, and the newest that was refused, with what to do. */
  webhook: { receivedAt: Date | null; silent: boolean; refused: (Seen & { advice: string }) | null }
  /** The newest refund of ours that succeeded. */
  refund: Seen | null
  /** The newest refund that Juspay made by its own rules. */
  autoRefund: Seen | null
  /** Payments that came late or twice, long enough ago, and that nobody has returned. */
  keptConflicts: number
}

type Described = Pick<IntegrationStep, 'title' | 'call' | 'from' | 'to'> & {
  /** Around the words it was proved by. */
  proved: (words: string) => string
  missing: (facts: IntegrationFacts) => Fix
  failing: (words: string, facts: IntegrationFacts) => Fix
}

const CHECKOUT = '/checkout'
const KEYS = '/settings?section=keys'
const SECRETS_FIX: Fix = {
  words:
    'Store it on the server with npm run admin -- add-account; it is asked for there and never shown again.',
  to: '/settings?section=account',
}

const walk = (words: string): Fix => ({ words, to: CHECKOUT })

const STEPS: Readonly<Record<IntegrationStepId, Described>> = {
  credentials: {
    title: 'Credentials accepted',
    call: 'Authorization, x-merchantid',
    from: 'server',
    to: 'juspay',
    proved: () => 'Juspay answered a call with our key.',
    missing: ({ secrets }) =>
      secrets.apiKey === 'missing'
        ? { ...SECRETS_FIX, words: `No API key is stored. ${SECRETS_FIX.words}` }
        : { words: 'No call was made yet. Press Test connection.', to: null },
    failing: () => ({
      words:
        'At Juspay look at Payments, Settings, Security, API Keys: the key may be revoked, of another merchant ID, or your server’s address not among the allowed ones.',
      to: null,
    }),
  },
  signed: {
    title: 'Payload signed',
    call: 'signaturePayload, orderDetails',
    from: 'server',
    to: 'page',
    proved: (keyId) => `We signed with key ${keyId}.`,
    missing: ({ secrets }) =>
      secrets.signingKey === 'missing'
        ? {
            words:
              'There is no signing key in use. Make one, upload its public half at Juspay, and set the ID it gets.',
            to: KEYS,
          }
        : walk('Nothing was signed yet. Call /sdk/…/initiate-payload, or pay in the demo checkout.'),
    failing: () => walk('Pay in the demo checkout to see why.'),
  },
  initiate: {
    title: 'SDK started',
    call: 'hyper.initiate()',
    from: 'page',
    to: 'juspay',
    proved: () => 'The SDK accepted the signed payload in the demo checkout.',
    missing: () =>
      walk('Juspay tells only the browser whether it accepts the signature. Pay in the demo checkout.'),
    failing: () => ({
      words:
        'Paste the payload into the inspector: it says whether the key ID, the signed text or the clock is wrong.',
      to: '/inspector',
    }),
  },
  session: {
    title: 'Order created',
    call: 'POST /session',
    from: 'server',
    to: 'juspay',
    proved: (orderRef) => `Juspay made order ${orderRef} and gave its payload.`,
    missing: () => walk('No session was asked for yet. Call /sdk/…/session, or pay in the demo checkout.'),
    failing: () => ({
      words:
        'Look at the client ID, the order ID (1 to 20 letters and digits) and the amount (text, in rupees).',
      to: '/settings?section=account',
    }),
  },
  process: {
    title: 'Payment page walked',
    call: 'hyper.process(), events, terminate',
    from: 'page',
    to: 'juspay',
    proved: (status) => `The SDK gave a result in the demo checkout: ${status}.`,
    missing: () => walk('Pay in the demo checkout; it shows every call and event.'),
    failing: () => walk('Pay in the demo checkout again and look at the step that fails.'),
  },
  return: {
    title: 'Return address verified',
    call: 'GET or POST /payments/return',
    from: 'juspay',
    to: 'server',
    proved: (method) => `A customer came back by ${method} with Juspay’s signature.`,
    missing: ({ secrets }) =>
      secrets.responseKey === 'missing'
        ? {
            ...SECRETS_FIX,
            words: `No response key is stored, so no signature can be checked. ${SECRETS_FIX.words}`,
          }
        : walk('Nobody has come back yet. Pay in the demo checkout.'),
    failing: (reason) =>
      reason === 'unsigned'
        ? {
            words:
              'At Juspay switch on Settings, General, Use signed response, and make a response key under Security. Until then the browser’s words about the order are not believed.',
            to: null,
          }
        : {
            words:
              'The response key here is not the one at Juspay (Settings, Security). Paste the address into the inspector: it says what was signed.',
            to: '/inspector',
          },
  },
  webhook: {
    title: 'Webhook received',
    call: 'POST /webhooks/juspay',
    from: 'juspay',
    to: 'server',
    proved: () => 'It came with the right user name and password and was kept before it was answered.',
    missing: () => ({
      words:
        'At Juspay open Payments, Settings, Webhook: enter the address, user name and password below, and switch the events on.',
      to: '/events/health',
    }),
    failing: (advice) => ({ words: advice, to: '/events/failed?view=refused' }),
  },
  status: {
    title: 'Order status answered',
    call: 'GET /orders/{order_id}',
    from: 'server',
    to: 'juspay',
    proved: () => 'Juspay said what became of an order.',
    missing: () => ({ words: 'Press Test connection, or check the status of any order.', to: null }),
    failing: () => ({
      words:
        'Juspay could not be reached or its answer could not be used. Look at the base URL and the network.',
      to: '/settings?section=account',
    }),
  },
  refund: {
    title: 'Refund done',
    call: 'POST /orders/{order_id}/refunds',
    from: 'server',
    to: 'juspay',
    proved: (orderRef) => `Juspay paid a refund of order ${orderRef} back.`,
    missing: ({ environment }) => ({
      words:
        environment === 'sandbox'
          ? 'Refund a charged order of the sandbox: open it and press R.'
          : 'No refund has succeeded yet.',
      to: '/transactions?q=status%3Acharged',
    }),
    failing: () => ({
      words: 'Open the refund: every call is shown there with Juspay’s answer.',
      to: '/refunds',
    }),
  },
}

/** The steps in the order in which a payment walks them. */
export function integrationSteps(facts: IntegrationFacts): IntegrationStep[] {
  return INTEGRATION_STEPS.map((id) => integrationStep(id, facts))
}

function proofOf(id: IntegrationStepId, facts: IntegrationFacts): Proof {
  if (id === 'webhook') {
    const { receivedAt, refused } = facts.webhook
    return {
      proved: receivedAt && { at: receivedAt, words: '' },
      failed: refused,
    }
  }
  const proof = facts.proofs[id]
  return id === 'refund' ? { proved: facts.refund, failed: proof.failed } : proof
}

/** One of the steps. */
export function integrationStep(id: IntegrationStepId, facts: IntegrationFacts): IntegrationStep {
  const { title, call, from, to, ...described } = STEPS[id]
  const base = { id, title, call, from, to }
  const { proved, failed } = proofOf(id, facts)
  const provedAt = proved?.at ?? null
  if (failed !== null && (provedAt === null || failed.at > provedAt)) {
    const advice = id === 'webhook' ? (facts.webhook.refused?.advice ?? '') : failed.words
    return {
      ...base,
      state: 'failing',
      provedAt,
      words: failureWords(id, failed.words),
      failedAt: failed.at,
      fix: described.failing(advice, facts),
    }
  }
  if (proved !== null)
    return {
      ...base,
      state: 'proved',
      provedAt,
      words: described.proved(proved.words),
      failedAt: failed?.at ?? null,
      fix: null,
    }
  return {
    ...base,
    state: 'missing',
    provedAt: null,
    words: 'Not seen yet.',
    failedAt: null,
    fix: described.missing(facts),
  }
}

const RETURN_FAILURES: Readonly<Record<string, string>> = {
  unsigned: 'A customer came back without Juspay’s signature.',
  signature_differs: 'A customer came back with a signature that does not fit.',
  unknown_algorithm: 'A customer came back with a signature of a kind that we do not take.',
  repeated_parameter: 'A customer came back with a parameter that stands there twice.',
}

function failureWords(id: IntegrationStepId, words: string): string {
  return id === 'return' ? (RETURN_FAILURES[words] ?? words) : words
}
