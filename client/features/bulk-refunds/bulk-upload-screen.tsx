import { useRef, useState, type DragEvent } from 'react'
import { BULK_FIELD_LABELS, BULK_FIELDS } from '../../../server/domain/bulk-columns.ts'
import { BULK_FILE_MAX, BULK_ROWS_MAX } from '../../../server/domain/bulk-row.ts'
import { downloadPath } from '../../lib/download.ts'
import { useCan } from '../../lib/session.ts'
import { uploadFile } from '../../lib/upload.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Page, PageScroll } from '../../ui/page.tsx'
import { ForbiddenState, Notice, type Problem } from '../../ui/states.tsx'
import { BulkSteps } from './bulk-steps.tsx'
import css from './bulk.module.css'

const CRUMBS = [
  { label: 'Refunds', to: '/refunds' },
  { label: 'Bulk refunds', to: '/refunds/bulk' },
]
const MEGABYTES = BULK_FILE_MAX / 1024 / 1024

/** The first step: a file is dropped or chosen, and the check begins by itself. */
export function BulkUploadScreen({ onMade }: { onMade: (batchId: string) => void }) {
  const can = useCan('refund:bulk')
  return (
    <Page title="New bulk refund" crumbs={CRUMBS}>
      <BulkSteps at={0} />
      <PageScroll>
        {can.allowed ? <Upload onMade={onMade} /> : <ForbiddenState title={can.reason} />}
      </PageScroll>
    </Page>
  )
}

function Upload({ onMade }: { onMade: (batchId: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  async function send(file: File | null | undefined) {
    if (!file || busy) return
    setBusy(true)
    setProblem(null)
    const sent = await uploadFile(file)
    setBusy(false)
    if (sent.ok) onMade(sent.batchId)
    else setProblem(sent.problem)
    if (input.current) input.current.value = ''
  }

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    void send(event.dataTransfer.files[0])
  }

  return (
    <div className={css['upload']}>
      {problem ? (
        <Notice tone="failed" title={problem.title}>
          {problem.message}
        </Notice>
      ) : null}
      <div
        className={css['dropZone']}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p className={css['dropTitle']}>Drop a CSV or XLSX here</p>
        <ActionButton
          tone="primary"
          busy={busy}
          shortcut={{ id: 'bulk.choose', keys: 'U', label: 'Choose a file of refunds', group: 'This page' }}
          onPress={() => input.current?.click()}
        >
          Choose a file
        </ActionButton>
        <p className="muted">
          Up to {BULK_ROWS_MAX.toLocaleString('en-IN')} rows, {MEGABYTES} MB
        </p>
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          aria-label="File of refunds"
          tabIndex={-1}
          accept=".csv,.tsv,.txt,.xlsx,text/csv"
          onChange={(event) => void send(event.target.files?.[0])}
        />
      </div>
      <section aria-label="What the file holds" className={css['help']}>
        <h2 className="section-heading">What the file holds</h2>
        <p>
          A header line and one row for each refund. Columns may have any order and further columns may stand
          beside them; they come back in the result file.
        </p>
        <ul>
          {BULK_FIELDS.map((field) => (
            <li key={field}>
              <strong>{BULK_FIELD_LABELS[field]}</strong>: {HELP[field]}
            </li>
          ))}
        </ul>
        <ActionButton onPress={() => window.location.assign(downloadPath.bulkTemplate)}>
          Download template
        </ActionButton>
      </section>
      <p className="muted">
        Nothing is refunded by uploading. Every row is checked with Juspay first, and a second person has to
        approve.
      </p>
    </div>
  )
}

const HELP: Readonly<Record<(typeof BULK_FIELDS)[number], string>> = {
  orderRef: 'needed. In a spreadsheet, format the column as text, so that long IDs keep their digits.',
  amount: 'plain or grouped, such as 1250.00 or 1,250.00. Blank means all that is left.',
  currency: 'optional. It has to be the currency of the account.',
  reason: 'optional. Rows without one get the reason that is chosen for all.',
  note: 'optional, for the approver and the audit log.',
  yourRef: 'optional, such as a ticket number.',
  txnRef: 'needed only for an order that was charged more than once: the transaction ID to give back.',
}
