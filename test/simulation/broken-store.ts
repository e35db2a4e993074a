/** Builds whose store is broken: locks, compare-and-set, keys, balances, records. */
import type { RefundRequestRecord } from '../../server/store/refund-requests.ts'
import type { LockedAggregate } from '../../server/store/order-locks.ts'
import { hashNow } from '../../server/services/refunds/refund-facts.ts'
import { replacing, withPart, withStore, type BrokenBuild } from './broken-build.ts'
import { REAL_BUILD } from './world.ts'

const FAR = new Date(Date.UTC(2100, 0))
const LONG_AGO = new Date(0)

/** Changes what is read of a request by its id. */
function readingRequests(
  change: (request: RefundRequestRecord) => RefundRequestRecord,
  missing: readonly string[] = [],
) {
  return withPart(
    'refundRequests',
    (part) => ({
      byId: async (accountId, id) => {
        const found = await part.byId(accountId, id)
        return found === null ? null : change(found)
      },
    }),
    missing,
  )
}

/** Changes what is read of an order under its lock. */
function readingOrders(change: (locked: LockedAggregate) => LockedAggregate) {
  return withPart('orders', (part) => ({
    lockAggregate: async (accountId, orderId) => {
      const locked = await part.lockAggregate(accountId, orderId)
      return locked === null ? null : change(locked)
    },
  }))
}

const LOCKS: readonly BrokenBuild[] = [
  {
    name: 'attempts-added-up',
    what: 'refunds are counted against the order, whichever attempt they give back',
    build: readingOrders((locked) => ({
      ...locked,
      refunds: locked.refunds.map((refund) => ({ ...refund, txnRef: null })),
      requests: locked.requests.map((request) => ({ ...request, txnRef: null })),
    })),
  },
  {
    name: 'no-order-lock',
    what: 'orders are read without their row lock',
    build: { ...REAL_BUILD, missing: new Set(['order row lock']) },
  },
  {
    name: 'no-client-key',
    what: 'a gesture has no unique key',
    build: withPart('refundRequests', () => ({ byClientKey: () => Promise.resolve(null) }), [
      'refund_request_client_key',
    ]),
  },
  {
    name: 'fence-ignored',
    what: 'a worker whose claim is over still writes what it thinks',
    rare: true,
    build: withPart('refunds', (part) => ({
      endClaim: async (work) =>
        part.endClaim({ ...work, fence: (await part.work(work.id))?.fence ?? work.fence }),
      reject: async (work) =>
        part.reject({ ...work, fence: (await part.work(work.id))?.fence ?? work.fence }),
    })),
  },
  {
    name: 'lease-not-checked',
    what: 'a call is made while another of the order is in the air',
    build: withPart(
      'refunds',
      (part) => ({ busyWith: async (work) => ({ ...(await part.busyWith(work)), leaseUntil: null }) }),
      ['refund_in_flight_key'],
    ),
  },
  {
    name: 'spacing-ignored',
    what: 'calls of one amount follow each other at once',
    build: withPart('refunds', (part) => ({
      busyWith: async (work) => ({ ...(await part.busyWith(work)), sameAmountAt: null }),
    })),
  },
  {
    name: 'claim-not-written',
    what: 'the call is made although its claim was not committed',
    build: withPart('refunds', () => ({ claim: () => Promise.resolve(1) })),
  },
  {
    name: 'given-up-in-doubt',
    what: 'an attempt in doubt is closed at once when its approval lapses, and the request waits again',
    build: withPart('refunds', (part) => ({
      lockForWork: async (id) => {
        const work = await part.lockForWork(id)
        return work === null ? null : { ...work, lastSentAt: LONG_AGO }
      },
    })),
  },
  {
    name: 'refusal-ends-all',
    what: 'a refused call closes the refund although an earlier one may still arrive',
    build: withPart('refunds', (part) => ({
      endClaim: (work) => part.endClaim({ ...work, doubted: false }),
    })),
  },
  {
    name: 'withdrawn-after-decision',
    what: 'a request can be withdrawn after it was approved',
    build: withPart('refundRequests', (part) => ({
      close: async (input) => {
        if (input.status === 'withdrawn')
          await part.returnToApproval({ ...input, why: 'withdrawn', expiresAt: input.expiresAt })
        return part.close(input)
      },
    })),
  },
  {
    name: 'late-failure-wins',
    what: 'a failure told late takes a success back',
    build: withPart('orders', (part) => ({
      lockByKeys: async (keys) =>
        (await part.lockByKeys(keys)).map((locked) => ({
          ...locked,
          refunds: locked.refunds.map((refund) =>
            refund.status === 'succeeded' ? { ...refund, status: 'pending' as const } : refund,
          ),
        })),
    })),
  },
  {
    name: 'doubt-forgotten',
    what: 'nobody looks at refunds in doubt',
    build: withPart('refunds', (part, tx) => ({
      dueToLook: async (now, limit) => {
        const due = await part.dueToLook(now, limit)
        const works = await Promise.all(due.map((id) => tx.refunds.work(id)))
        return due.filter((_id, index) => works[index]?.status !== 'unknown')
      },
    })),
  },
]

const AGREEMENTS: readonly BrokenBuild[] = [
  {
    name: 'expiry-not-checked',
    what: 'requests are decided and sent after their time',
    build: readingRequests((request) => ({ ...request, expiresAt: FAR })),
  },
  {
    name: 'destination-not-checked',
    what: 'what was approved is not compared with the order again',
    build: withPart('refundRequests', (part, tx) => ({
      byId: async (accountId, id) => {
        const request = await part.byId(accountId, id)
        const order = request === null ? null : await tx.orders.lockAggregate(accountId, request.orderId)
        return request === null || order === null
          ? request
          : { ...request, approvalHash: hashNow(request, order) }
      },
    })),
  },
  {
    name: 'people-not-rechecked',
    what: 'people who were barred meanwhile still count',
    build: withPart('staff', (part) => ({
      member: async (accountId, userId) => {
        const member = await part.member(accountId, userId)
        return member === null ? null : { ...member, disabled: false }
      },
    })),
  },
  {
    name: 'own-approval',
    what: 'people approve what they asked for themselves',
    build: withStore(
      (tx, { staff }) => ({
        refundRequests: replacing(tx.refundRequests, {
          byId: async (accountId, id) => {
            const found = await tx.refundRequests.byId(accountId, id)
            const [somebody] = staff
            return found === null ? null : { ...found, requestedBy: somebody?.userId ?? '' }
          },
        }),
      }),
      ['refund_request_four_eyes_check'],
    ),
  },
  {
    name: 'no-second-person',
    what: 'no amount needs a second person',
    build: withPart('refundPolicies', (part) => ({
      current: async (accountId) => {
        const policy = await part.current(accountId)
        return { ...policy, rules: { ...policy.rules, approvalAboveMinor: 10_000_000n } }
      },
    })),
  },
  {
    name: 'split-under-the-line',
    what: 'several small refunds get under the line together',
    build: withPart('refundRequests', () => ({ withoutApprovalMinor: () => Promise.resolve(0n) })),
  },
  {
    name: 'stop-ignored',
    what: 'refunds are sent although they are stopped',
    build: withPart('refundStops', () => ({ inForce: () => Promise.resolve([]) })),
  },
  {
    name: 'stop-not-locked',
    what: 'a claim does not keep stops from being set beside it',
    build: withPart('refundStops', () => ({ shareLock: () => Promise.resolve() })),
  },
  {
    name: 'limits-ignored',
    what: 'nobody adds up what was asked for and sent today',
    build: withPart('refundDays', (part) => ({
      lock: async (key) => {
        const { account } = await part.lock(key)
        const nothing = { askedMinor: 0n, sentMinor: 0n }
        return { person: nothing, account: { ...account, ...nothing } }
      },
    })),
  },
  {
    name: 'unconfirmed-money',
    what: 'money that only a webhook claims is given back',
    rare: true,
    build: readingOrders((locked) => ({ ...locked, unconfirmedSince: null })),
  },
]

const RECORDS: readonly BrokenBuild[] = [
  {
    name: 'reservation-skipped',
    what: 'what is asked for is not set aside',
    build: withPart('orders', (part) => ({
      saveBalance: (accountId, orderId, order, now) =>
        part.saveBalance(accountId, orderId, { ...order, reservedMinor: 0n }, now),
    })),
  },
  {
    name: 'reservation-released-in-doubt',
    what: 'the amount of a refund in doubt can be asked for again',
    build: readingOrders((locked) => ({
      ...locked,
      order: {
        ...locked.order,
        reservedMinor: locked.refunds.reduce(
          (sum, refund) => (refund.status === 'unknown' ? sum - refund.amountMinor : sum),
          locked.order.reservedMinor,
        ),
      },
    })),
  },
  {
    name: 'reservation-kept',
    what: 'what a withdrawn or lapsed request had set aside stays so',
    build: withPart('orders', (part) => {
      let before = 0n
      return {
        lockAggregate: async (accountId, orderId) => {
          const locked = await part.lockAggregate(accountId, orderId)
          before = locked?.order.reservedMinor ?? 0n
          return locked
        },
        saveBalance: (accountId, orderId, order, now) =>
          part.saveBalance(
            accountId,
            orderId,
            { ...order, reservedMinor: order.reservedMinor > before ? order.reservedMinor : before },
            now,
          ),
      }
    }),
  },
  {
    name: 'audit-missing',
    what: 'doubts leave no entry in the audit log',
    build: withPart('audit', (part) => ({
      append: (entry) => (entry.action === 'refund.doubt' ? Promise.resolve() : part.append(entry)),
    })),
  },
  {
    name: 'change-log-missing',
    what: 'our own moves leave no line on the change log',
    build: withPart('orderChanges', (part) => ({
      append: (change) => (change.source === 'system' ? Promise.resolve() : part.append(change)),
    })),
  },
  {
    name: 'refund-row-forgotten',
    what: 'what Juspay says about refunds is not written',
    build: withPart('orders', () => ({ saveParts: () => Promise.resolve([]) })),
  },
]

export const BROKEN_STORES: readonly BrokenBuild[] = [...LOCKS, ...AGREEMENTS, ...RECORDS]
