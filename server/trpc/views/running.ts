/** What the top bar is told of long work that goes on. */
import type { ExportView } from './export.ts'
import type { BulkBatchView } from './bulk.ts'
import type { ReplayJobView } from './replay.ts'

/** Of each what its name and its progress are made of: the pages have the rest. */
export type RunningView = {
  batches: Pick<BulkBatchView, 'id' | 'no' | 'status' | 'total' | 'rows' | 'outcomes' | 'released'>[]
  replays: Pick<ReplayJobView, 'id' | 'phase' | 'total' | 'shadowed' | 'applied' | 'skipped'>[]
  /** Of the person's own files alone. */
  exports: Pick<ExportView, 'id' | 'fileName' | 'written' | 'expected'>[]
}

/** A batch that is worked on. */
export function runningBatchView(batch: BulkBatchView): RunningView['batches'][number] {
  const { id, no, status, total, rows, outcomes, released } = batch
  return { id, no, status, total, rows, outcomes, released }
}

/** A replay that is worked on. */
export function runningReplayView(job: ReplayJobView): RunningView['replays'][number] {
  const { id, phase, total, shadowed, applied, skipped } = job
  return { id, phase, total, shadowed, applied, skipped }
}

/** A file that is being made. */
export function runningExportView(file: ExportView): RunningView['exports'][number] {
  const { id, fileName, written, expected } = file
  return { id, fileName, written, expected }
}
