/**
 * A process that can die at any await of the refund path: what a use case is given (store, transaction, Juspay, wake-ups)
 * counts every call by name, and at the chosen one ends the process. A dead process does nothing any more: whatever is
 * called after that throws too, an open transaction is rolled back, and a commit may have happened without anybody knowing.
 */
import type { Deps } from '../../server/services/deps.ts'
import type { Store } from '../../server/store/store.ts'

/** Thrown where the process ends, and by everything after that. */
export class Death extends Error {
  override name = 'Death'
}

export type Mortal = {
  deps: Deps
  /** Sets which use case is at work: the first word of the names that follow. */
  at: (service: string) => void
  dead: () => boolean
}

/** @param pass is told each point's name when it is reached; it answers whether the process dies there */
export function mortalDeps(real: Deps, pass: (point: string) => boolean): Mortal {
  let service = 'start'
  let dead = false
  const calls = new Map<string, number>()
  const live = (): void => {
    if (dead) throw new Death('a dead process does nothing')
  }
  const reach = (point: string): void => {
    live()
    if (!pass(point)) return
    dead = true
    throw new Death(point)
  }
  /** The nth call of this name since the use case began. */
  const named = (what: string): string => {
    const name = `${service} ${what}`
    const nth = (calls.get(name) ?? 0) + 1
    calls.set(name, nth)
    return `${name}#${nth}`
  }
  const through = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    const name = named(what)
    reach(`${name} before`)
    const result = await call()
    reach(`${name} after`)
    return result
  }
  const transaction: Store['transaction'] = async (work) => {
    const name = named('commit')
    live()
    const result = await real.store.transaction(async (tx) => {
      const done = await work(wrapAggregates(tx, 'tx', through))
      reach(`${name} before`)
      return done
    })
    reach(`${name} after`)
    return result
  }
  const store = new Proxy(wrapAggregates(real.store, 'read', through), {
    get: (owner, key) => (key === 'transaction' ? transaction : Reflect.get(owner, key)),
  })
  const deps: Deps = {
    ...real,
    store,
    juspay: async (accountId) => {
      const client = await through('juspay', () => real.juspay(accountId))
      return {
        ...client,
        getOrder: (ref, options) => through('juspay.getOrder', () => client.getOrder(ref, options)),
        refund: (call) => through('juspay.refund', () => client.refund(call)),
      }
    },
    wake: (topic) => {
      reach(named(`wake.${topic}`))
      real.wake(topic)
    },
  }
  return {
    deps,
    at(next) {
      service = next
      calls.clear()
    },
    dead: () => dead,
  }
}

type Through = (what: string, call: () => Promise<unknown>) => Promise<unknown>

/** The same aggregates, each call of whose functions goes `through`. */
function wrapAggregates<T extends object>(owner: T, place: string, through: Through): T {
  return new Proxy(owner, {
    get(target, name) {
      const part: unknown = Reflect.get(target, name)
      if (typeof part !== 'object' || part === null || typeof name !== 'string') return part
      return wrapFunctions(part, `${place}.${name}`, through)
    },
  })
}

function wrapFunctions(owner: object, prefix: string, through: Through): object {
  return new Proxy(owner, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function' || typeof key !== 'string') return value
      return (...values: unknown[]) =>
        through(`${prefix}.${key}`, async (): Promise<unknown> => Reflect.apply(value, target, values))
    },
  })
}
