/**
 * Writes down what is seen of the integration while it works: the calls to Juspay through a client that is watched, and
 * what use cases notice. Nobody waits for it and nothing fails by it.
 */
import { PROOF_EVERY_MS, PROOF_WORDS_MAX, seenByCall } from './domain/integration-proof.ts'
import type { CallEnd, SeenStep } from './domain/integration-proof.ts'
import { describeError, type JuspayError } from './domain/provider-error.ts'
import type { JuspayClient } from './juspay/client.ts'
import type { Log } from './services/deps.ts'
import type { Store } from './store/store.ts'

export type ProofKeeper = {
  note: (accountId: string, seen: SeenStep) => void
  /** The client of an account; what its calls prove is noted. */
  watch: (accountId: string, client: JuspayClient) => JuspayClient
  /** Ends when everything noted is written. */
  close: () => Promise<void>
}

type ProofDeps = { store: Pick<Store, 'integrationProofs'>; clock: { now(): Date }; log: Log }

export function createProofKeeper({ store, clock, log }: ProofDeps): ProofKeeper {
  /** What was written last of each step: the same again, soon after, is not. */
  const written = new Map<string, { ok: boolean; at: number }>()
  const writing = new Set<Promise<void>>()

  async function write(accountId: string, { step, ok, words }: SeenStep, at: Date): Promise<void> {
    const seen = { step, words: words.slice(0, PROOF_WORDS_MAX), at }
    try {
      await (ok
        ? store.integrationProofs.proved(accountId, seen)
        : store.integrationProofs.failed(accountId, seen))
    } catch (error) {
      log.warn({ error: String(error), step }, 'what was seen of the integration was not written down')
    }
  }

  function note(accountId: string, seen: SeenStep): void {
    const key = `${accountId} ${seen.step}`
    const now = clock.now()
    const last = written.get(key)
    if (last && last.ok === seen.ok && now.getTime() - last.at < PROOF_EVERY_MS) return
    written.set(key, { ok: seen.ok, at: now.getTime() })
    const done = write(accountId, seen, now).finally(() => writing.delete(done))
    writing.add(done)
  }

  return {
    note,
    watch(accountId, client) {
      type Answer = { ok: true } | { ok: false; error: JuspayError }
      const heard = <T extends Answer>(
        step: 'session' | 'status' | 'refund',
        subject: string,
        answer: T,
      ): T => {
        for (const seen of seenByCall(step, subject, endOf(answer))) note(accountId, seen)
        return answer
      }
      return {
        ...client,
        createSession: async (input) => heard('session', input.orderRef, await client.createSession(input)),
        getOrder: async (orderRef, options) =>
          heard('status', orderRef, await client.getOrder(orderRef, options)),
        refund: async (call) => heard('refund', call.orderRef, await client.refund(call)),
      }
    },
    async close() {
      await Promise.all(writing)
    },
  }
}

function endOf(answer: { ok: true } | { ok: false; error: JuspayError }): CallEnd {
  if (answer.ok) return answer
  const { error } = answer
  const words = describeError(error)
  if (error.kind !== 'rejected') return { ok: false, kind: error.kind, words }
  return {
    ok: false,
    kind: 'rejected',
    answered: error.httpStatus !== null,
    notFound: error.reason === 'not_found',
    words,
  }
}
