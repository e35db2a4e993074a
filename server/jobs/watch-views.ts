import { watchViews } from '../services/views/watch-views.ts'
import type { Job } from './runner.ts'

/** Looks at views that are due; one that was set just now is looked at while its person waits. */
export const watchViewsJob: Job = {
  name: 'watch-views',
  topic: null,
  everyMs: 2_000,
  drain: watchViews,
}
