import { checkFigures } from '../services/figures/check-figures.ts'
import { foldFigures } from '../services/figures/fold-figures.ts'
import type { Job } from './runner.ts'

/** Folds what was noted into slots; while there is much of it, without a pause. */
export const foldFiguresJob: Job = {
  name: 'fold-figures',
  topic: null,
  everyMs: 5_000,
  drain: foldFigures,
}

/** Looks whether a day of figures is due for a recount; one process in all of them takes it. */
export const checkFiguresJob: Job = {
  name: 'check-figures',
  topic: null,
  everyMs: 15_000,
  drain: async (deps) => {
    await checkFigures(deps)
    return 0
  },
}
