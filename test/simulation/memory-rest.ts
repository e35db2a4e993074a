/** What else the refund code touches of the store, in memory. What only other parts of Paydesk read is not kept. */
import type { ApprovalPolicy, VersionedPolicy } from '../../server/domain/approval-policy.ts'
import {
  ACCOUNT_BUDGET,
  callsFor,
  ORDER_CALLS_PER_HOUR,
  ORDER_CALLS_WINDOW_MS,
  refilled,
  spent,
  type Bucket,
  type BucketSize,
} from '../../server/domain/status-budget.ts'
import type { AccountRecord } from '../../server/store/accounts.ts'
import type { StoreTx } from '../../server/store/store.ts'
import type { Session, View } from './memory-connection.ts'
import type { Database } from './memory-database.ts'
import { WAIT } from './scheduler.ts'

/** The rules in force at this moment of the run. */
export type PolicyOf = () => VersionedPolicy

const NOTHING = Promise.resolve([])
const DONE = Promise.resolve()

export function memoryAccounts(account: AccountRecord): Pick<StoreTx['accounts'], 'byId'> {
  const found = Promise.resolve(account)
  return { byId: (id) => (id === account.id ? found : Promise.resolve(null)) }
}

export function memoryAudit(session: Session): Pick<StoreTx['audit'], 'append'> {
  return { append: (entry) => session.aside((view) => view.audit(entry)) }
}

export function memoryLiveChanges(): Pick<StoreTx['liveChanges'], 'append' | 'appendAll'> {
  return { append: () => DONE, appendAll: () => DONE }
}

export function memoryOrderChanges(session: Session): Pick<StoreTx['orderChanges'], 'append' | 'appendAll'> {
  return {
    append: (change) => session.aside((view) => view.change(change)),
    appendAll: (changes) =>
      changes.length === 0
        ? DONE
        : session.aside((view) => {
            for (const change of changes) view.change(change)
          }),
  }
}

export function memoryPolicies(policyOf: PolicyOf): Pick<StoreTx['refundPolicies'], 'current'> {
  return { current: () => Promise.resolve(policyOf()) }
}

export function memoryStaff(session: Session): Pick<StoreTx['staff'], 'list' | 'member'> {
  return {
    list: () => session.statement('staff.list', (view) => view.all('staff')),
    member: (_accountId, userId) =>
      session.statement('staff.member', (view) => view.get('staff', userId) ?? null),
  }
}

export function memoryStatusChecks(session: Session): Pick<StoreTx['statusChecks'], 'append' | 'setOutcome'> {
  return {
    append: ({ id, orderId, askedAt }) =>
      session.aside((view) => void view.insert('statusChecks', { id, orderId, askedAt })),
    setOutcome: () => DONE,
  }
}

/** No webhook is kept here: they are applied as they come. */
export function memoryWebhookGaps(): Pick<StoreTx['webhookGaps'], 'unapplied' | 'add' | 'healPending'> {
  return { unapplied: () => NOTHING, add: () => DONE, healPending: () => DONE }
}

export function memoryDisputes(): Pick<StoreTx['disputes'], 'waitingFor'> {
  return { waitingFor: () => NOTHING }
}

export function memoryMandates(): Pick<StoreTx['mandates'], 'waitingFor'> {
  return { waitingFor: () => NOTHING }
}

export function memoryDiscrepancies(
  session: Session,
  database: Database,
): Pick<StoreTx['discrepancies'], 'openOf' | 'openAll' | 'open' | 'closeAll'> {
  const openAll: StoreTx['discrepancies']['openAll'] = (items) =>
    items.length === 0
      ? NOTHING
      : session.statement('discrepancies.openAll', (view) => {
          const opened: { id: string; accountId: string }[] = []
          for (const { accountId, orderId, finding, end } of items) {
            const id = database.uuid()
            const clashing = view.insert('discrepancies', {
              id,
              accountId,
              orderId,
              finding,
              open: end === null,
            })
            if (clashing === WAIT) return WAIT
            if (clashing === null) opened.push({ id, accountId })
          }
          return opened
        })
  return {
    openAll,
    open: async (accountId, orderId, finding, at) =>
      (await openAll([{ accountId, orderId, finding, at, end: null }]))[0]?.id ?? null,
    openOf: (orders) =>
      session.statement('discrepancies.openOf', (view) =>
        view
          .all('discrepancies')
          .filter((row) => row.open && orders.some(({ orderId }) => orderId === row.orderId))
          .map(({ id, orderId, finding }) => ({ id, orderId, kind: finding.kind })),
      ),
    closeAll: (items) =>
      items.length === 0
        ? NOTHING
        : session.statement('discrepancies.closeAll', (view) => {
            const closed: { id: string; accountId: string }[] = []
            for (const { id } of items) {
              const row = view.get('discrepancies', id)
              if (row === undefined || !row.open) continue
              if (!view.lock('discrepancies', id)) return WAIT
              view.put('discrepancies', { ...row, open: false })
              closed.push({ id, accountId: row.accountId })
            }
            return closed
          }),
  }
}

export function memoryStatusBudget(
  session: Session,
): Pick<StoreTx['statusBudget'], 'takeCall' | 'accountsDue' | 'takeDue' | 'pause'> {
  return {
    takeCall: (accountId, purpose, now) =>
      session.statement('statusBudget.takeCall', (view) => {
        const bucket = lockBucket(view, accountId, ACCOUNT_BUDGET, now)
        if (bucket === WAIT) return WAIT
        if (callsFor(purpose, bucket) < 1) return false
        saveBucket(view, accountId, spent(bucket, 1))
        return true
      }),
    accountsDue: (now) =>
      session.statement('statusBudget.accountsDue', (view) => [
        ...new Set(dueOrders(view, now).map(({ merchantAccountId }) => merchantAccountId)),
      ]),
    takeDue: (accountId, { now, leaseUntil, limit }) =>
      session.statement('statusBudget.takeDue', (view) => {
        const bucket = lockBucket(view, accountId, ACCOUNT_BUDGET, now)
        if (bucket === WAIT) return WAIT
        const paused = view.get('buckets', accountId)?.pausedUntil ?? null
        if (paused !== null && paused > now) return []
        // Locked orders are skipped. The daily looks at charged orders have room for more than the few there are.
        const due = dueOrders(view, now)
          .filter(({ id }) => view.lock('orders', id))
          .slice(0, Math.min(limit, callsFor('sweep', bucket)))
        const taken = due.filter((row) => {
          const until = crowdedUntil(view, row.id, now)
          view.put('orders', { ...row, nextCheckAt: until ?? leaseUntil })
          return until === null
        })
        saveBucket(view, accountId, spent(bucket, taken.length))
        return taken.map(({ id }) => ({ orderId: id, accountId }))
      }),
    pause: (accountId, pausedUntil) =>
      session.statement('statusBudget.pause', (view) => {
        if (!view.lock('buckets', accountId)) return WAIT
        const row = view.get('buckets', accountId)
        if (row !== undefined) view.put('buckets', { ...row, pausedUntil })
        return undefined
      }),
  }
}

function dueOrders(view: View, now: Date) {
  return view.all('orders').filter(({ nextCheckAt }) => nextCheckAt !== null && nextCheckAt <= now)
}

/** When an order may be asked about again that was asked about too often; null when it was not. */
function crowdedUntil(view: View, orderId: string, now: Date): Date | null {
  const asked = view
    .all('statusChecks')
    .filter((check) => check.orderId === orderId)
    .map(({ askedAt }) => askedAt.getTime())
    .toSorted((a, b) => b - a)
  const nth = asked[ORDER_CALLS_PER_HOUR - 1]
  const since = now.getTime() - ORDER_CALLS_WINDOW_MS
  return nth !== undefined && nth > since ? new Date(nth + ORDER_CALLS_WINDOW_MS) : null
}

function lockBucket(view: View, id: string, size: BucketSize, now: Date): Bucket | typeof WAIT {
  if (!view.lock('buckets', id)) return WAIT
  return refilled(view.get('buckets', id) ?? null, size, now)
}

function saveBucket(view: View, id: string, bucket: Bucket): void {
  view.put('buckets', { pausedUntil: null, ...view.get('buckets', id), id, ...bucket })
}

/** A policy of the built-in version with other figures. */
export function policyWith(base: VersionedPolicy, rules: Partial<ApprovalPolicy>): VersionedPolicy {
  return { version: base.version, rules: { ...base.rules, ...rules } }
}
