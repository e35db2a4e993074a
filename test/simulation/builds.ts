/**
 * Builds that are broken on purpose, each by one dependency that lies: a store function, Juspay's client, a constraint
 * that is missing. The product's code is the same in all of them. A simulation that does not notice one proves nothing.
 */
import type { Deps } from '../../server/services/deps.ts'
import type { JuspayClient } from '../../server/juspay/client.ts'
import type { StoreTx } from '../../server/store/store.ts'
import { REAL_BUILD, type Build, type World } from './world.ts'

export type BrokenBuild = {
  name: string
  /** What was broken, in words. */
  what: string
  build: Build
}

/** Wraps the client of every server. */
export function withClient(change: (client: JuspayClient, world: World) => Partial<JuspayClient>): Build {
  return {
    ...REAL_BUILD,
    deps: (deps, world) => ({
      ...deps,
      juspay: async (accountId) => {
        const client = await deps.juspay(accountId)
        return { ...client, ...change(client, world) }
      },
    }),
  }
}

/** Wraps the parts of the store, inside and outside of transactions. */
export function withStore(
  change: (tx: StoreTx, world: World) => Partial<StoreTx>,
  missing: readonly string[] = [],
): Build {
  return {
    ...REAL_BUILD,
    missing: new Set(missing),
    deps: (deps, world): Deps => {
      const { store } = deps
      const wrapped = Object.setPrototypeOf(
        { ...store, ...change(store, world) },
        Object.getPrototypeOf(store),
      )
      wrapped.transaction = <T>(work: (tx: StoreTx) => Promise<T>) =>
        store.transaction((tx) => work({ ...tx, ...change(tx, world) }))
      return { ...deps, store: wrapped }
    },
  }
}

export const BROKEN_BUILDS: readonly BrokenBuild[] = [
  {
    name: 'new-key-on-retry',
    what: 'each call goes out under a key of its own',
    build: withClient((client, world) => ({
      refund: (call) =>
        client.refund({ ...call, uniqueRequestId: `N${world.uuid().replaceAll('-', '').slice(-18)}` }),
    })),
  },
]
