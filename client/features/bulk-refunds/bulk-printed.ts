import { reasonLabel } from '../../../server/domain/refund-reason.ts'
import { batchWord } from '../../lib/batch-chip.ts'
import { progressOf } from '../../lib/batch-progress.ts'
import type { Fact } from '../../ui/fact-list.tsx'
import { progressText } from '../../ui/progress-bar.tsx'
import { formatTime, type TimeZoneChoice } from '../../ui/time-format.ts'
import type { BulkBatch } from './bulk-types.ts'
import { batchSum, countsOf } from './bulk-words.ts'

/** What a batch is about, how far it is and who is behind it, for the paper its rows are printed on. */
export function printedFacts(batch: BulkBatch, zone: TimeZoneChoice): readonly Fact[] {
  const { doneLabel, done, total } = progressOf(batch)
  const act = (by: string | null, at: Date | null) =>
    by === null || at === null ? null : `${by}, ${formatTime(at, 'full', zone)}`
  return [
    { label: 'State', value: batchWord(batch).label },
    { label: 'Remark', value: batch.remark },
    { label: 'Refunds', value: batchSum(batch) },
    { label: 'File', value: batch.name },
    { label: 'Made by', value: act(batch.createdBy, batch.createdAt) },
    { label: 'Reason for all', value: batch.reason === null ? null : reasonLabel(batch.reason) },
    { label: 'Note', value: batch.note },
    { label: 'Asked for by', value: act(batch.submittedBy, batch.submittedAt) },
    {
      label: batch.status === 'rejected' ? 'Rejected by' : 'Approved by',
      value: act(batch.decidedBy, batch.decidedAt),
    },
    { label: 'They wrote', value: batch.decisionNote },
    { label: 'Finished', value: batch.finishedAt && formatTime(batch.finishedAt, 'full', zone) },
    ...(batch.submittedAt === null
      ? []
      : [
          { label: doneLabel, value: progressText(done, total) },
          ...countsOf(batch).map(({ label, count }) => ({ label, value: count.toLocaleString('en-IN') })),
        ]),
  ]
}
