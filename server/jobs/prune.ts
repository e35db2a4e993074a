import type { Deps } from '../services/deps.ts'
import type { Job } from './runner.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
/** Rows of one statement, so that no delete holds locks for long. */
const BATCH = 5_000
const EXPORTS_BATCH = 5

/** Deletes live changes older than a day; screens that were away longer load anew. */
export function pruneLiveChanges(deps: Deps): Promise<number> {
  return deps.store.liveChanges.prune(new Date(deps.clock.now().getTime() - DAY_MS), BATCH)
}

/** Forgets call budgets of orders that turned out unknown; a day later they would be full again anyway. */
export function pruneStatusBudgets(deps: Deps): Promise<number> {
  return deps.store.statusBudget.prune(new Date(deps.clock.now().getTime() - DAY_MS), BATCH)
}

/** What the shop asked through `/sdk` is compared for a month; a page of Juspay's lives a quarter of an hour. */
const SDK_ANSWERS_DAYS = 30

export function pruneSdkAnswers(deps: Deps): Promise<number> {
  return deps.store.sdkAnswers.prune(new Date(deps.clock.now().getTime() - SDK_ANSWERS_DAYS * DAY_MS), BATCH)
}

/** Deletes files whose link has expired; their pieces go with them. Few at a time: each may have thousands. */
export function pruneExports(deps: Deps): Promise<number> {
  return deps.store.exports.prune(deps.clock.now(), EXPORTS_BATCH)
}

export const pruneJob: Job = {
  name: 'prune',
  topic: null,
  everyMs: 10 * 60_000,
  drain: async (deps) =>
    (await pruneLiveChanges(deps)) +
    (await pruneStatusBudgets(deps)) +
    (await pruneSdkAnswers(deps)) +
    (await pruneExports(deps)),
}
