import type { StaffActor } from '../domain/actor.ts'
import type { AppDeps } from '../services/deps.ts'

/** The caller, as far as HTTP told us. Permissions are read from the database by `actor()`, once per request. */
export type Caller = {
  headers: Headers
  requestId: string
  ip: string | null
  userAgent: string | null
}

/** Finds the signed-in person behind a request, fresh from the database; null when nobody is. */
export type ActorOf = (caller: Caller) => Promise<StaffActor | null>

/** What every procedure works with. */
export type Context = {
  deps: AppDeps
  caller: Caller
  /** The signed-in person; asked again by a subscription while it is open (`fresh` skips the memo). */
  actor(options?: { fresh: boolean }): Promise<StaffActor | null>
}

/** Makes the context of one HTTP request; a batch of calls shares it and looks the person up once. */
export function createContext(deps: AppDeps, caller: Caller, actorOf: ActorOf): Context {
  let memo: Promise<StaffActor | null> | undefined
  return {
    deps,
    caller,
    actor: (options) => {
      if (options?.fresh === true) return actorOf(caller)
      memo ??= actorOf(caller)
      return memo
    },
  }
}
