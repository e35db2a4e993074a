import type { InspectedKind, InspectionVerdict } from '../../../server/domain/inspection.ts'
import type { StatusRole } from '../../ui/status-role.ts'

export const KIND_OPTIONS: readonly { value: InspectedKind; label: string }[] = [
  { value: 'payload', label: 'Signed payload' },
  { value: 'return', label: 'Return URL' },
  { value: 'webhook', label: 'Webhook' },
]

export const VERDICTS: Readonly<Record<InspectionVerdict, { title: string; role: StatusRole }>> = {
  valid: { title: 'It is valid.', role: 'charged' },
  invalid: { title: 'It is not valid.', role: 'failed' },
  unsigned: { title: 'It is not signed.', role: 'review' },
  unreadable: { title: 'It cannot be read.', role: 'failed' },
  unknown: { title: 'Nothing here can tell.', role: 'unknown' },
}
