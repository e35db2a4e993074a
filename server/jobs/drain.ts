import type { Deps } from '../services/deps.ts'

/** Calls to Juspay that one pass keeps in the air: one slow answer must not hold up the rest. */
const AT_ONCE = 4
/** How long a refund rests whose handling threw: our own fault, which repeating at once does not mend. */
const REST_MS = 60_000

/**
 * Handles refunds by id, a few at a time. One that throws is logged, rests, and does not stop the others.
 * @param handle says whether it did anything
 * @returns how many were handled
 */
export async function drain(
  deps: Deps,
  ids: readonly string[],
  what: string,
  handle: (id: string) => Promise<boolean>,
): Promise<number> {
  const queue = [...ids]
  let handled = 0
  const worker = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      try {
        if (await handle(id)) handled += 1
      } catch (error) {
        deps.log.error({ id, error: error instanceof Error ? error.stack : String(error) }, `${what} failed`)
        await rest(deps, id)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return handled
}

async function rest(deps: Deps, id: string): Promise<void> {
  try {
    await deps.store.refunds.reschedule(id, new Date(deps.clock.now().getTime() + REST_MS), false)
  } catch (error) {
    deps.log.error({ id, error: String(error) }, 'could not put a refund to rest')
  }
}
