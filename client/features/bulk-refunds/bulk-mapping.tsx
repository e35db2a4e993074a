import { useState } from 'react'
import {
  BULK_FIELD_LABELS,
  BULK_FIELDS,
  mappingProblem,
  type BulkField,
  type BulkMapping,
} from '../../../server/domain/bulk-columns.ts'
import { useCan } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { FieldRow, SelectField } from '../../ui/fields.tsx'
import { Section } from '../../ui/page.tsx'
import type { BulkBatch } from './bulk-types.ts'
import { runAct, useBulkActs } from './use-bulk-acts.ts'
import css from './bulk.module.css'

const NONE = ''

/** Which column says what: shown for correction, and needed when no column was recognised. */
export function BulkMappingForm({ batch, onDone }: { batch: BulkBatch; onDone?: () => void }) {
  const can = useCan('refund:bulk')
  const { mapColumns, busy } = useBulkActs()
  const [mapping, setMapping] = useState<BulkMapping>(batch.mapping)
  const problem = mappingProblem(mapping, batch.headers.length)
  const options = [
    { value: NONE, label: 'Not in this file' },
    ...batch.headers.map((header, index) => ({ value: String(index), label: header })),
  ]
  const pairs = BULK_FIELDS.reduce<BulkField[][]>(
    (rows, field, index) =>
      index % 2 === 0 ? [...rows, [field]] : [...rows.slice(0, -1), [...(rows.at(-1) ?? []), field]],
    [],
  )

  async function save() {
    const done = await runAct(
      () => mapColumns.mutateAsync({ batchId: batch.id, mapping }),
      'Checking with these columns.',
    )
    if (done) onDone?.()
  }

  return (
    <Section title="Columns">
      <div className={css['mapping']}>
        <p className="muted">
          Say which column of {batch.name} is which. It is remembered for your next file with these headers.
        </p>
        {pairs.map((fields) => (
          <FieldRow key={fields.join()}>
            {fields.map((field) => (
              <SelectField
                key={field}
                label={BULK_FIELD_LABELS[field]}
                required={field === 'orderRef'}
                value={String(mapping[field] ?? NONE)}
                options={options}
                onChange={(value) =>
                  setMapping({ ...mapping, [field]: value === NONE ? null : Number(value) })
                }
              />
            ))}
          </FieldRow>
        ))}
        <div>
          <ActionButton
            tone="primary"
            busy={busy}
            disabledReason={can.reason ?? problem}
            onPress={() => void save()}
          >
            {`Check ${batch.total.toLocaleString('en-IN')} rows`}
          </ActionButton>
        </div>
      </div>
    </Section>
  )
}
