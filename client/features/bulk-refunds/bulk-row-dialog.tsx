import { useState } from 'react'
import { BULK_FIELD_LABELS, BULK_FIELDS } from '../../../server/domain/bulk-columns.ts'
import { BULK_CELL_MAX } from '../../../server/domain/bulk-row.ts'
import { formatMoney, toDecimal } from '../../../server/domain/money.ts'
import { orderPath } from '../../lib/order-path.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { FieldRow, TextField } from '../../ui/fields.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/states.tsx'
import { useKit } from '../../ui/kit-context.ts'
import type { BulkBatch, BulkRow } from './bulk-types.ts'
import { rowText, rowWord } from './bulk-words.ts'
import { runAct, useBulkActs } from './use-bulk-acts.ts'
import css from './bulk.module.css'

type RowDialogProps = { batch: BulkBatch; row: BulkRow; editable: boolean; onClose: () => void }

/** One row: what it says, what is wrong with it, and every way to put it right. */
export function BulkRowDialog(props: RowDialogProps) {
  return props.editable ? <EditRow {...props} /> : <ShowRow {...props} />
}

function EditRow({ batch, row, onClose }: RowDialogProps) {
  const acts = useBulkActs()
  const [fields, setFields] = useState(row.fields)
  const at = { batchId: batch.id, n: row.n }
  const changed = BULK_FIELDS.some((field) => fields[field] !== row.fields[field])
  const suggested =
    row.suggestedMinor === null ? null : { minor: row.suggestedMinor, currency: batch.currency }
  const close = async (deed: () => Promise<unknown>, said: string) => {
    if (await runAct(deed, said)) onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Row ${row.n}`}
      dismissable={!changed}
      actions={
        <>
          {row.verdict === 'warning' && !row.dropped ? (
            <ActionButton
              busy={acts.busy}
              onPress={() =>
                void close(
                  () => acts.acceptRows.mutateAsync({ ...at, accepted: !row.accepted }),
                  row.accepted ? 'No longer kept.' : 'Row kept.',
                )
              }
            >
              {row.accepted ? 'Do not keep' : 'Keep'}
            </ActionButton>
          ) : null}
          <ActionButton
            busy={acts.busy}
            onPress={() =>
              void close(
                () => acts.dropRow.mutateAsync({ ...at, dropped: !row.dropped }),
                row.dropped ? 'Row taken back.' : 'Row dropped.',
              )
            }
          >
            {row.dropped ? 'Take back' : 'Drop'}
          </ActionButton>
          {changed ? null : (
            <ActionButton
              busy={acts.busy}
              onPress={() => void close(() => acts.recheckRow.mutateAsync(at), 'Row checked again.')}
            >
              Check again
            </ActionButton>
          )}
          <ActionButton
            tone="primary"
            busy={acts.busy}
            disabledReason={changed ? null : 'Change something first.'}
            onPress={() =>
              void close(() => acts.fixRow.mutateAsync({ ...at, fields }), 'Row saved and checked.')
            }
          >
            Save and check
          </ActionButton>
        </>
      }
    >
      <div className={css['fields']}>
        <Found row={row} />
        <FieldRow>
          <TextField
            label={BULK_FIELD_LABELS.orderRef}
            value={fields.orderRef}
            mono
            maxLength={BULK_CELL_MAX}
            onChange={(orderRef) => setFields({ ...fields, orderRef })}
          />
          <TextField
            label={BULK_FIELD_LABELS.amount}
            required={false}
            inputMode="decimal"
            value={fields.amount}
            maxLength={BULK_CELL_MAX}
            hint={
              suggested ? (
                <button
                  type="button"
                  className={css['rowAct']}
                  onClick={() => setFields({ ...fields, amount: toDecimal(suggested) })}
                >
                  Use {formatMoney(suggested)}
                </button>
              ) : (
                'Blank is all that is left.'
              )
            }
            onChange={(amount) => setFields({ ...fields, amount })}
          />
        </FieldRow>
        <FieldRow>
          <TextField
            label={BULK_FIELD_LABELS.reason}
            required={false}
            value={fields.reason}
            maxLength={BULK_CELL_MAX}
            onChange={(reason) => setFields({ ...fields, reason })}
          />
          <TextField
            label={BULK_FIELD_LABELS.note}
            required={false}
            value={fields.note}
            maxLength={BULK_CELL_MAX}
            onChange={(note) => setFields({ ...fields, note })}
          />
        </FieldRow>
        <TextField
          label={BULK_FIELD_LABELS.txnRef}
          required={false}
          value={fields.txnRef}
          mono
          maxLength={BULK_CELL_MAX}
          hint="The transaction ID to give back, where the customer paid more than once."
          onChange={(txnRef) => setFields({ ...fields, txnRef })}
        />
      </div>
    </Dialog>
  )
}

function ShowRow({ batch, row, onClose }: RowDialogProps) {
  const { link: Link } = useKit()
  const { orderRef } = row.fields
  return (
    <Dialog open onClose={onClose} title={`Row ${row.n}`}>
      <div className={css['fields']}>
        <Found row={row} />
        <FactList
          facts={[
            {
              label: 'Order',
              value: row.orderId === null ? orderRef : <Link to={orderPath(orderRef)}>{orderRef}</Link>,
            },
            {
              label: 'Amount',
              value:
                row.amountMinor === null ? null : (
                  <Money value={{ minor: row.amountMinor, currency: batch.currency }} />
                ),
            },
            { label: 'Reason', value: row.fields.reason },
            { label: 'Note', value: row.fields.note },
            { label: 'Your reference', value: row.fields.yourRef },
            {
              label: 'Attempt',
              value: row.fields.txnRef && <span className="mono">{row.fields.txnRef}</span>,
            },
            {
              label: 'Refund',
              value:
                row.refundRequestId === null ? null : (
                  <Link to={`/refunds/${row.refundRequestId}`}>Open the refund</Link>
                ),
            },
          ]}
        />
      </div>
    </Dialog>
  )
}

function Found({ row }: { row: BulkRow }) {
  const text = rowText(row)
  const { label, detail } = rowWord(row)
  return (
    <Notice tone={text === '' ? 'info' : 'review'} title={label}>
      {text === '' ? detail : text}
    </Notice>
  )
}
