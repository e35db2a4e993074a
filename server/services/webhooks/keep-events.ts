import type { Deps } from '../deps.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

/** What one upkeep did, for the log. */
export type Upkeep = { made: number[]; dropped: number[]; deleted: number }

/**
 * Keeps webhook events for as long as the installation says and no longer: makes the partitions of the months to come,
 * drops those that are older as a whole, deletes old undated events a batch at a time. Never holds up receiving.
 */
export async function keepEvents(deps: Deps): Promise<Upkeep> {
  const { partitions } = deps.store
  const now = deps.clock.now()
  const before = new Date(now.getTime() - deps.webhookRetentionDays * DAY_MS)
  const made = await partitions.prepare(now)
  const dropped = await partitions.drop(before)
  const deleted = await partitions.deleteUndated(before)
  if (made.length + dropped.length + deleted > 0)
    deps.log.info({ made, dropped, deleted }, 'partitions of webhook events were kept')
  return { made, dropped, deleted }
}
