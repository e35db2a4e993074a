import type { Deps } from '../deps.ts'

/** Notes folded by one statement; of a busy minute these are a few seconds. */
export const FOLD_MAX = 20_000

/**
 * Folds what writers noted beside orders and refunds into the slots. One process at a time: the others find the lock
 * taken. Returns how many notes, and 0 once fewer than a full load were there.
 */
export async function foldFigures(deps: Deps): Promise<number> {
  const folded = await deps.store.figures.fold(FOLD_MAX)
  return folded === FOLD_MAX ? folded : 0
}
