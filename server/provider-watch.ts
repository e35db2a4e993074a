/**
 * Writes down whether Juspay answers the calls that are made anyway, for all processes and screens. Nobody waits for it
 * and nothing fails by it. What says nothing new waits a while and is written together.
 */
import {
  failureSeen,
  isOutage,
  recordCalls,
  tellsMore,
  wasAnswered,
  WRITE_EVERY_MS,
} from './domain/provider-health.ts'
import type { CallSeen, FailureSeen } from './domain/provider-health.ts'
import type { JuspayError } from './domain/provider-error.ts'
import type { JuspayClient } from './juspay/client.ts'
import type { Deps } from './services/deps.ts'

export type ProviderWatch = {
  /** The client of an account; how its calls end is noted. */
  watch: (accountId: string, client: JuspayClient) => JuspayClient
  /** Ends when everything noted is written. */
  close: () => Promise<void>
}

/** Calls of one account that are not written yet, and how the last of all ended. */
type Watched = {
  calls: CallSeen[]
  timer: NodeJS.Timeout | null
  writing: Promise<void> | null
  answered: boolean | null
  /** The last failure that counted since the last answer. */
  failed: FailureSeen | null
}

type Answer = { tookMs: number } & ({ ok: true } | { ok: false; error: JuspayError })

export function createProviderWatch(deps: Pick<Deps, 'store' | 'clock' | 'log' | 'wake'>): ProviderWatch {
  const { clock, log } = deps
  const accounts = new Map<string, Watched>()

  const accountOf = (accountId: string): Watched => {
    const none = { calls: [], timer: null, writing: null, answered: null, failed: null }
    const known = accounts.get(accountId) ?? none
    accounts.set(accountId, known)
    return known
  }

  function note(accountId: string, call: CallSeen): void {
    const account = accountOf(accountId)
    account.calls.push(call)
    // A change is told at once, and every failure, for it may be the one that makes an outage.
    const news = !call.answered || account.answered !== true
    account.answered = call.answered
    if (news) void write(accountId)
    else account.timer ??= setTimeout(() => void write(accountId), WRITE_EVERY_MS).unref()
  }

  /** One write of an account at a time; what comes meanwhile is the next. */
  function write(accountId: string): Promise<void> {
    const account = accountOf(accountId)
    if (account.timer) clearTimeout(account.timer)
    account.timer = null
    if (account.writing === null && account.calls.length > 0) account.writing = writeAll(accountId, account)
    return account.writing ?? Promise.resolve()
  }

  async function writeAll(accountId: string, account: Watched): Promise<void> {
    while (account.calls.length > 0)
      await keep(deps, accountId, account.calls.splice(0)).catch((error: unknown) =>
        log.warn({ error: String(error), accountId }, 'how Juspay answers was not written down'),
      )
    // In the same step as the last look: a call noted after it begins a write of its own.
    account.writing = null
  }

  function hear(accountId: string, orderRef: string, answer: Answer): void {
    const [account, at] = [accountOf(accountId), clock.now()]
    const answered = wasAnswered(answer.ok ? null : answer.error)
    if (answered === null) return
    const failed = answer.ok || answered ? null : failureSeen(answer.error, orderRef, at)
    if (failed !== null && !tellsMore(account.failed, failed)) return
    account.failed = failed
    note(accountId, { at, answered, tookMs: answer.tookMs })
  }

  return {
    watch(accountId, client) {
      const heard = async <T extends Answer>(orderRef: string, answer: Promise<T>): Promise<T> => {
        hear(accountId, orderRef, await answer)
        return answer
      }
      return {
        ...client,
        createSession: (input) => heard(input.orderRef, client.createSession(input)),
        getOrder: (orderRef, options) => heard(orderRef, client.getOrder(orderRef, options)),
        updateAmount: (input) => heard(input.orderRef, client.updateAmount(input)),
        refund: (call) => heard(call.orderRef, client.refund(call)),
      }
    },
    async close() {
      await Promise.all([...accounts.keys()].map(write))
    },
  }
}

async function keep(
  { store, wake }: Pick<Deps, 'store' | 'wake'>,
  accountId: string,
  calls: readonly CallSeen[],
): Promise<void> {
  const changed = await store.transaction(async (tx) => {
    const before = await tx.providerCalls.lock(accountId)
    const after = recordCalls(before, calls)
    await tx.providerCalls.save(accountId, after)
    if (isOutage(before) === isOutage(after)) return false
    await tx.liveChanges.append(accountId, 'provider_health', accountId)
    return true
  })
  if (changed) wake('live')
}
