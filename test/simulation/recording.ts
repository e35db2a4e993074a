/** Records what a run asks of its store, so that the same can be asked of PostgreSQL. */
import type { Store, StoreTx } from '../../server/store/store.ts'
import { REAL_BUILD, type Build } from './world.ts'

/** One function of the store that was called, and what it answered. */
export type RecordedCall = {
  part: keyof StoreTx
  name: string
  args: readonly unknown[]
  result: unknown
}

/** Calls that were one transaction, or a call by itself. */
export type RecordedWork = { transaction: boolean; calls: RecordedCall[] }

type AnyFunction = (...args: unknown[]) => unknown

/**
 * A build that writes down every call of the store, in an order in which the calls can be made again: one transaction
 * after the other. Nothing breaks on our side; Juspay and the network do what the seed says.
 */
export function recordingBuild(works: RecordedWork[]): Build {
  return {
    ...REAL_BUILD,
    serial: true,
    plan: (plan) => ({
      ...plan,
      // What is not done through the store cannot be done again; the database has the built-in policy.
      deeds: plan.deeds.filter(({ kind }) => kind !== 'disable'),
      mishapEvery: Infinity,
      expiresAfterHours: 48,
      dayLimitPercent: null,
    }),
    deps(deps) {
      const { store } = deps
      const single = (call: RecordedCall): void => void works.push({ transaction: false, calls: [call] })
      return {
        ...deps,
        store: Object.assign(Object.create(recording(store, single)) as Store, {
          rehearse: (work: (tx: StoreTx) => Promise<unknown>) => store.rehearse(work),
          transaction: async <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => {
            const calls: RecordedCall[] = []
            return store
              .transaction(async (tx) => {
                const result = await work(recording(tx, (call) => void calls.push(call)))
                // The commit follows before anything else can: it is pushed in the order of the commits.
                works.push({ transaction: true, calls })
                return result
              })
              .catch((error: unknown) => {
                const at = works.findIndex((one) => one.calls === calls)
                if (at >= 0) works.splice(at, 1)
                throw error
              })
          },
        }),
      }
    },
  }
}

/** The parts of a store, each function of which is noted when it has answered. */
function recording<S extends StoreTx>(store: S, note: (call: RecordedCall) => void): S {
  return new Proxy(store, {
    get(target, part: keyof StoreTx) {
      const value: unknown = Reflect.get(target, part)
      if (typeof value !== 'object' || value === null) return value
      return new Proxy(value, {
        get(functions, name) {
          const called: unknown = Reflect.get(functions, name)
          if (typeof called !== 'function' || typeof name !== 'string') return called
          return async (...args: readonly unknown[]): Promise<unknown> => {
            const result = await (called as AnyFunction).apply(functions, [...args])
            note({ part, name, args, result })
            return result
          }
        },
      })
    },
  })
}
