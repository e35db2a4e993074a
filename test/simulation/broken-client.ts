/** Builds whose way of reading Juspay is broken. */
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import type { OrderResult, RefundCall, RefundResult } from '../../server/juspay/client.ts'
import { withAnswer, withClient, type BrokenBuild } from './broken-build.ts'
import { acceptedAnswer, failure, NOT_SENT, rejected, sendRefund } from './network.ts'
import { REAL_BUILD, type World } from './world.ts'
import { isDuplicate } from './provider.ts'

const REFUSED = failure(rejected('other'))
const CACHED_MS = 120_000

/** What is taken for an answer that accepts the refund, whatever Juspay has. */
function asAccepted(call: RefundCall, world: World): RefundResult {
  const order = world.provider.tell(call.orderRef, world.scheduler.now(), false)
  if (order === null) return REFUSED
  const refunds = order.refunds.some(({ uniqueRequestId }) => uniqueRequestId === call.uniqueRequestId)
    ? order.refunds
    : [...order.refunds, { ...BLANK, uniqueRequestId: call.uniqueRequestId, amountMinor: call.amountMinor }]
  return acceptedAnswer({ ...order, refunds }, call.uniqueRequestId)
}

const BLANK = {
  txnRef: null,
  providerStatus: 'PENDING',
  ref: null,
  arn: null,
  sentToGateway: false,
  initiatedBy: 'API',
  refundSource: null,
  refundType: null,
  errorCode: null,
  errorMessage: null,
  expectedCreditAt: null,
  createdAt: null,
} as const

const isOurs = (key: string): boolean => !key.startsWith('PORTAL') && !key.startsWith('AR')

function withoutPending(result: OrderResult): OrderResult {
  if (!result.ok) return result
  const refunds = result.order.refunds.filter(
    ({ uniqueRequestId, providerStatus }) => isOurs(uniqueRequestId) || providerStatus === 'SUCCESS',
  )
  return { ...result, order: { ...result.order, refunds } }
}

/** A refund that is not ours is taken for one of ours with the same amount. */
function byAmount(told: ProviderOrder, { database }: World): ProviderOrder {
  const rows = [...database.tables.refunds.rows.values()]
  const known = new Set(rows.map(({ uniqueRequestId }) => uniqueRequestId))
  const refunds = told.refunds.map((refund) => {
    if (known.has(refund.uniqueRequestId)) return refund
    const ours = rows.find((row) => row.origin === 'paydesk' && row.amountMinor === refund.amountMinor)
    return ours === undefined ? refund : { ...refund, uniqueRequestId: ours.uniqueRequestId }
  })
  return { ...told, refunds }
}

export const BROKEN_CLIENTS: readonly BrokenBuild[] = [
  {
    name: 'new-key-for-each-call',
    what: 'each call goes out under a key of its own',
    build: withClient((client, world) => ({
      refund: (call) =>
        client.refund({ ...call, uniqueRequestId: `N${world.uuid().replaceAll('-', '').slice(-18)}` }),
    })),
  },
  {
    name: 'attempt-left-out',
    what: 'the call does not say which attempt is to be given back',
    build: withClient((client) => ({ refund: (call) => client.refund({ ...call, txnRef: null }) })),
  },
  {
    name: 'time-out-is-refusal',
    what: 'a call without an answer counts as refused',
    build: withAnswer((result) => (!result.ok && result.error.kind === 'uncertain' ? REFUSED : result)),
  },
  {
    name: 'not-found-is-failure',
    what: 'a refund that Juspay does not have yet is given up instead of being sent again',
    build: withClient((client, world) => ({
      refund: (call) => {
        const rows = [...world.database.tables.refunds.rows.values()]
        const row = rows.find(({ uniqueRequestId }) => uniqueRequestId === call.uniqueRequestId)
        return (row?.sendCount ?? 0) > 1 ? Promise.resolve(REFUSED) : client.refund(call)
      },
    })),
  },
  {
    name: 'duplicate-is-success',
    what: 'duplicate.call counts as accepted',
    build: withAnswer((result, call, world) => (isTwice(result) ? asAccepted(call, world) : result)),
  },
  {
    name: 'duplicate-is-refusal',
    what: 'duplicate.call counts as refused',
    // Order status is asked before a refused call closes a refund: only one that lands in between shows the mistake.
    rare: true,
    build: withAnswer((result) => (isTwice(result) ? REFUSED : result)),
  },
  {
    name: 'error-is-success',
    what: 'an answer with an error of the server counts as accepted',
    build: withAnswer((result, call, world) =>
      !result.ok && result.error.kind === 'uncertain' && result.error.cause === 'server_error'
        ? asAccepted(call, world)
        : result,
    ),
  },
  {
    name: 'doubt-is-not-sent',
    what: 'a call without an answer counts as never sent',
    build: withAnswer((result) =>
      !result.ok && result.error.kind === 'uncertain' ? failure(NOT_SENT) : result,
    ),
  },
  {
    name: 'accepted-is-success',
    what: 'an accepted refund counts as paid',
    build: withAnswer((result) => {
      if (!result.ok) return result
      const { uniqueRequestId } = result.refund
      const refunds = result.order.refunds.map((refund) =>
        refund.uniqueRequestId === uniqueRequestId ? { ...refund, providerStatus: 'SUCCESS' } : refund,
      )
      return acceptedAnswer({ ...result.order, refunds }, uniqueRequestId)
    }),
  },
  {
    name: 'amount-omitted',
    what: 'the amount is left out of the call',
    build: withClient((_client, world, host) => ({
      refund: (call) => sendRefund(world.network, host, { ...call, amountMinor: null }),
    })),
  },
  {
    name: 'call-inside-transaction',
    what: 'the call is made while a transaction is open',
    build: {
      ...REAL_BUILD,
      deps: (deps) => ({
        ...deps,
        juspay: async (accountId) => {
          const client = await deps.juspay(accountId)
          return {
            ...client,
            refund: (call) =>
              deps.store.transaction(async (tx) => {
                await tx.accounts.byId(accountId)
                return client.refund(call)
              }),
          }
        },
      }),
    },
  },
  {
    name: 'portal-seen-late',
    what: 'refunds made in the portal count only once they have succeeded',
    build: {
      ...withClient((client) => ({
        getOrder: async (ref, options) => withoutPending(await client.getOrder(ref, options)),
      })),
      readWebhook: (told) => ({
        ...told,
        refunds: told.refunds.filter(({ uniqueRequestId }) => isOurs(uniqueRequestId)),
      }),
    },
  },
  {
    name: 'look-from-memory',
    what: 'an answer of two minutes ago counts as a fresh look',
    build: withClient((client, world) => ({
      getOrder: async (ref, options) => {
        const held = remembered.get(world)
        if (held !== undefined && held.ref === ref && world.scheduler.now() - held.at < CACHED_MS)
          return held.answer
        const at = world.scheduler.now()
        const answer = await client.getOrder(ref, options)
        if (answer.ok) remembered.set(world, { ref, at, answer })
        return answer
      },
    })),
  },
  {
    name: 'webhook-by-amount',
    what: 'webhooks are matched with our refunds by their amount',
    build: { ...REAL_BUILD, readWebhook: byAmount },
  },
  {
    name: 'new-gesture-on-retry',
    what: 'the browser makes a new key when a gesture got no answer',
    build: { ...REAL_BUILD, newKeyOnRetry: true },
  },
]

const remembered = new WeakMap<World, { ref: string; at: number; answer: OrderResult }>()

function isTwice(result: RefundResult): boolean {
  return !result.ok && result.error.kind === 'rejected' && isDuplicate(result.error.reason)
}
