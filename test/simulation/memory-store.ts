/**
 * The store in memory, under the types of the real one: what the refund code calls is written out below, and the compiler
 * complains when the real store changes shape. Anything else fails loudly when it is called.
 */
import type { AccountRecord } from '../../server/store/accounts.ts'
import type { Store, StoreTx } from '../../server/store/store.ts'
import { connectTo, inTransaction, type Connection, type Session } from './memory-connection.ts'
import type { Database } from './memory-database.ts'
import { memoryOrders } from './memory-orders.ts'
import { memoryRefundDays } from './memory-refund-days.ts'
import { memoryRefundRequests } from './memory-refund-requests.ts'
import { memoryRefundStops } from './memory-refund-stops.ts'
import { memoryRefunds } from './memory-refunds.ts'
import {
  memoryAccounts,
  memoryAudit,
  memoryDiscrepancies,
  memoryDisputes,
  memoryLiveChanges,
  memoryMandates,
  memoryOrderChanges,
  memoryPolicies,
  memoryStaff,
  memoryStatusBudget,
  memoryStatusChecks,
  memoryWebhookGaps,
  type PolicyOf,
} from './memory-rest.ts'
import type { Host } from './scheduler.ts'

/** The facts of a run that no transaction changes. */
export type Fixed = { account: AccountRecord; policyOf: PolicyOf }

/** The store as one host's connections show it. */
export function memoryStore(database: Database, host: Host, fixed: Fixed): Store {
  const statements = aggregates(database, connectTo(database, host), fixed)
  /** Connections with what is built on them; one that a death took along is never given back. */
  const free: { connection: Connection; tx: StoreTx }[] = []
  const connect = () => {
    const connection = connectTo(database, host)
    return { connection, tx: aggregates(database, connection, fixed) }
  }
  const inside =
    (keep: boolean) =>
    async <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => {
      const lent = free.pop() ?? connect()
      try {
        return await inTransaction(lent.connection, () => work(lent.tx), keep)
      } finally {
        free.push(lent)
      }
    }
  return onlyThese<Store>('store', { ...statements, transaction: inside(true), rehearse: inside(false) })
}

function aggregates(database: Database, session: Session, { account, policyOf }: Fixed): StoreTx {
  return onlyThese<StoreTx>('transaction', {
    accounts: part('accounts', memoryAccounts(account)),
    audit: part('audit', memoryAudit(session)),
    discrepancies: part('discrepancies', memoryDiscrepancies(session, database)),
    disputes: part('disputes', memoryDisputes()),
    liveChanges: part('liveChanges', memoryLiveChanges()),
    mandates: part('mandates', memoryMandates()),
    orderChanges: part('orderChanges', memoryOrderChanges(session)),
    orders: part('orders', memoryOrders(session, database)),
    refundDays: part('refundDays', memoryRefundDays(session)),
    refundPolicies: part('refundPolicies', memoryPolicies(policyOf)),
    // Calls are kept for people to look at; nothing is decided by them.
    refundCalls: part('refundCalls', { append: () => Promise.resolve() }),
    refundStops: part('refundStops', memoryRefundStops(session)),
    refundRequests: part('refundRequests', memoryRefundRequests(session)),
    refunds: part('refunds', memoryRefunds(session, database)),
    staff: part('staff', memoryStaff(session)),
    statusBudget: part('statusBudget', memoryStatusBudget(session)),
    statusChecks: part('statusChecks', memoryStatusChecks(session)),
    webhookGaps: part('webhookGaps', memoryWebhookGaps()),
  })
}

function part<Name extends keyof StoreTx>(name: Name, written: Partial<StoreTx[Name]>): StoreTx[Name] {
  return onlyThese<StoreTx[Name]>(name, written)
}

const guards = new Map<string, object>()

/** A part that stands for the whole: what it lacks throws as soon as it is reached for. */
function onlyThese<Whole extends object>(name: string, part: Partial<Whole>): Whole {
  let guard = guards.get(name)
  if (guard === undefined) {
    guard = new Proxy(
      {},
      {
        get(_target, property) {
          // Promises look for `then` on whatever is awaited.
          if (property === 'then' || typeof property === 'symbol') return undefined
          throw new Error(`the store in memory has no ${name}.${property}: write it in test/simulation`)
        },
      },
    )
    guards.set(name, guard)
  }
  // The compiler knows the part; the guard is what makes it safe to call it the whole.
  return Object.setPrototypeOf(part, guard) as Whole
}
