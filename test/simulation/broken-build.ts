/**
 * How builds are broken on purpose: one dependency lies, a store function, Juspay's client, a constraint that is
 * missing. The product's code is the same in all of them. A simulation that does not notice one proves nothing.
 */
import type { RefundCall, JuspayClient, RefundResult } from '../../server/juspay/client.ts'
import type { Store, StoreTx } from '../../server/store/store.ts'
import type { Host } from './scheduler.ts'
import { REAL_BUILD, type Build, type World } from './world.ts'

export type BrokenBuild = {
  name: string
  /** What was broken, in words. */
  what: string
  build: Build
  /** So hard to meet that only the long run looks for it. */
  rare?: true
}

/** A part with some of its functions replaced. */
export function replacing<T extends object>(part: T, changes: Partial<T>): T {
  const replaced: T = Object.create(part)
  return Object.assign(replaced, changes)
}

/** Wraps the client of every server. */
export function withClient(
  change: (client: JuspayClient, world: World, host: Host) => Partial<JuspayClient>,
): Build {
  return {
    ...REAL_BUILD,
    deps: (deps, world, host) => ({
      ...deps,
      juspay: async (accountId) => {
        const client = await deps.juspay(accountId)
        return { ...client, ...change(client, world, host) }
      },
    }),
  }
}

/** Makes something else of what came back for a refund call. */
export function withAnswer(
  read: (result: RefundResult, call: RefundCall, world: World) => RefundResult,
): Build {
  return withClient((client, world) => ({
    refund: async (call) => read(await client.refund(call), call, world),
  }))
}

/** Wraps parts of the store, inside and outside of transactions; without the constraints named in `missing`. */
export function withStore(
  change: (tx: StoreTx, world: World) => Partial<StoreTx>,
  missing: readonly string[] = [],
): Build {
  return {
    ...REAL_BUILD,
    missing: new Set(missing),
    deps: (deps, world) => {
      const { store } = deps
      const outside: Store = replacing<Store>(store, {
        ...change(store, world),
        transaction: (work) => store.transaction((tx) => work(replacing(tx, change(tx, world)))),
      })
      return { ...deps, store: outside }
    },
  }
}

/** Wraps one part of the store. */
export function withPart<Name extends keyof StoreTx>(
  name: Name,
  change: (part: StoreTx[Name], tx: StoreTx, world: World) => Partial<StoreTx[Name]>,
  missing: readonly string[] = [],
): Build {
  return withStore((tx, world) => {
    const changed: Partial<StoreTx> = {}
    changed[name] = replacing(tx[name], change(tx[name], tx, world))
    return changed
  }, missing)
}
