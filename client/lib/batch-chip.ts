import { BULK_STATUS_LABELS, type BulkStatus } from '../../server/domain/bulk-batch.ts'
import type { StatusRole } from '../ui/status-role.ts'

/** Role, label and tooltip of a chip. */
export type StatusWord = { role: StatusRole; label: string; detail: string }

const STATUS_WORDS: Readonly<Record<BulkStatus, Omit<StatusWord, 'label'>>> = {
  draft: { role: 'review', detail: 'Say which columns are which.' },
  checking: { role: 'pending', detail: 'Juspay is asked about every order.' },
  ready: { role: 'authorised', detail: 'Nothing was asked for yet.' },
  submitting: { role: 'pending', detail: 'The amounts are being set aside.' },
  waiting_approval: { role: 'pending', detail: 'A second person has to decide.' },
  held: { role: 'pending', detail: 'Approved. It can be cancelled until it starts.' },
  running: { role: 'pending', detail: 'Refunds are being sent to Juspay, a few at a time.' },
  paused: { role: 'review', detail: 'Nothing more is sent until it is resumed.' },
  stopped: { role: 'voided', detail: 'What was sent stays sent. The rest was given back.' },
  finished: { role: 'charged', detail: 'Every refund was sent.' },
  finished_failures: { role: 'review', detail: 'Some refunds failed or were not sent.' },
  rejected: { role: 'voided', detail: 'Nothing was refunded.' },
  cancelled: { role: 'voided', detail: 'Nothing was refunded.' },
}

/** The chip of a batch. */
export function batchWord({ status }: { status: BulkStatus }): StatusWord {
  return { ...STATUS_WORDS[status], label: BULK_STATUS_LABELS[status] }
}
