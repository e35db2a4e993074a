import { checkInvariantsJob } from './check-invariants.ts'
import { countRowsJob } from './count-rows.ts'
import { drainExpiredRequests } from './expire-requests.ts'
import { drainRefundPolls } from './poll-refunds.ts'
import { checkFiguresJob, foldFiguresJob } from './figures.ts'
import { keepEventsJob } from './keep-events.ts'
import { noteLateEventsJob } from './note-late-events.ts'
import { eventJobs } from './process-events.ts'
import { pruneJob } from './prune.ts'
import { rollUpRatesJob } from './roll-up-rates.ts'
import { runBulkJob } from './run-bulk.ts'
import { runExportsJob } from './run-exports.ts'
import { expireReplaysJob, runReplaysJob } from './run-replays.ts'
import type { Job } from './runner.ts'
import { drainRefunds } from './send-refunds.ts'
import { sweepOrdersJob } from './sweep-orders.ts'
import { watchViewsJob } from './watch-views.ts'

/** Everything that works by itself, in every server process. Each shares its queue with the other processes. */
export const paydeskJobs: readonly Job[] = [
  ...eventJobs(),
  sweepOrdersJob,
  noteLateEventsJob,
  pruneJob,
  countRowsJob,
  keepEventsJob,
  rollUpRatesJob,
  foldFiguresJob,
  checkFiguresJob,
  runReplaysJob,
  expireReplaysJob,
  runBulkJob,
  runExportsJob,
  { name: 'send-refunds', topic: 'refunds', everyMs: 2_000, drain: drainRefunds },
  { name: 'poll-refunds', topic: 'refunds', everyMs: 5_000, drain: drainRefundPolls },
  checkInvariantsJob,
  watchViewsJob,
  { name: 'expire-requests', topic: null, everyMs: 60_000, drain: drainExpiredRequests },
]
