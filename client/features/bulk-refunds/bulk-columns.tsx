import { batchWord } from '../../lib/batch-chip.ts'
import { bulkPath, progressOf } from '../../lib/batch-progress.ts'
import { orderPath } from '../../lib/order-path.ts'
import { CardLines } from '../../ui/card-lines.tsx'
import { CardStart } from '../../ui/card-start.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money, NoValue } from '../../ui/money.tsx'
import { progressText } from '../../ui/progress-bar.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { reasonLabel } from '../../../server/domain/refund-reason.ts'
import type { BulkBatch, BulkRow, BulkSampleRow } from './bulk-types.ts'
import { batchTitle, rowText, rowWord } from './bulk-words.ts'
import css from './bulk.module.css'

function BatchLink({ batch }: { batch: BulkBatch }) {
  const { link: Link } = useKit()
  return (
    <Link to={bulkPath(batch.id)} tabIndex={-1} className={css['link']}>
      {batchTitle(batch)}
    </Link>
  )
}

function BatchChip({ batch }: { batch: BulkBatch }) {
  const { role, label, detail } = batchWord(batch)
  return <StatusChip status={role} label={label} detail={batch.remark ?? detail} />
}

/** A batch on a phone: its amount and state, then its name and when it was made. */
export function batchCard(batch: BulkBatch) {
  return (
    <CardLines
      first={
        <>
          <Money value={{ minor: batch.amountMinor, currency: batch.currency }} strong />
          <BatchChip batch={batch} />
        </>
      }
      second={
        <>
          <CardStart lead={<BatchLink batch={batch} />}>{batch.name}</CardStart>
          <DateTime at={batch.createdAt} />
        </>
      }
    />
  )
}

/** Columns of the list of batches. */
export const BATCH_COLUMNS: readonly GridColumn<BulkBatch>[] = [
  { id: 'created', header: 'Made', width: 140, render: (batch) => <DateTime at={batch.createdAt} /> },
  {
    id: 'batch',
    header: 'Batch',
    width: 110,
    rowHeader: true,
    render: (batch) => <BatchLink batch={batch} />,
  },
  {
    id: 'name',
    header: 'File',
    width: 200,
    grow: true,
    render: (batch) => <span title={batch.name}>{batch.name}</span>,
  },
  {
    id: 'status',
    header: 'State',
    width: 190,
    render: (batch) => <BatchChip batch={batch} />,
  },
  {
    id: 'done',
    header: 'Done',
    width: 130,
    align: 'end',
    render: (batch) => {
      const { done, total } = progressOf(batch)
      return <span className="num">{progressText(done, total)}</span>
    },
  },
  {
    id: 'amount',
    header: 'Amount',
    width: 140,
    align: 'end',
    render: (batch) => <Money value={{ minor: batch.amountMinor, currency: batch.currency }} strong />,
  },
  {
    id: 'failed',
    header: 'Failed',
    width: 80,
    align: 'end',
    render: (batch) => <span className="num">{batch.outcomes.failed.toLocaleString('en-IN')}</span>,
  },
  { id: 'by', header: 'Made by', width: 140, render: (batch) => batch.createdBy },
]

function OrderCell({ row }: { row: BulkRow }) {
  const { link: Link } = useKit()
  const text = row.fields.orderRef === '' ? 'No order' : row.fields.orderRef
  if (row.orderId === null) return <span className="mono">{text}</span>
  return (
    <Link to={orderPath(row.fields.orderRef)} tabIndex={-1} className={css['mono']}>
      {text}
    </Link>
  )
}

function AmountCell({ row, currency }: { row: BulkRow; currency: string }) {
  const unread = row.findings.some(({ code }) => code === 'amount_unreadable')
  if (unread) return <span>{row.fields.amount}</span>
  if (row.amountMinor === null) return <NoValue />
  return (
    <>
      {row.fields.amount === '' ? <span className={css['all']}>all, </span> : null}
      <Money value={{ minor: row.amountMinor, currency }} strong />
    </>
  )
}

function RowChip({ row }: { row: BulkRow }) {
  const { role, label, detail } = rowWord(row)
  return <StatusChip status={role} label={label} detail={detail} />
}

/** A row on a phone: its amount and state, then its order, what is wrong with it and its number. */
export function rowCard(currency: string) {
  return (row: BulkRow) => (
    <CardLines
      first={
        <>
          <span>
            <AmountCell row={row} currency={currency} />
          </span>
          <RowChip row={row} />
        </>
      }
      second={
        <>
          <CardStart lead={<OrderCell row={row} />}>{rowText(row)}</CardStart>
          <span className="caption">Row {row.n.toLocaleString('en-IN')}</span>
        </>
      }
    />
  )
}

/** Columns of the rows of a batch. `acts` are the quick ways out of a row that must be looked at. */
export function rowColumns(
  currency: string,
  acts: ((row: BulkRow) => React.ReactNode) | null,
): readonly GridColumn<BulkRow>[] {
  // Beside the review there is room for one of the two; the row's dialog has both.
  const last: GridColumn<BulkRow> =
    acts === null
      ? {
          id: 'ref',
          header: 'Your reference',
          width: 130,
          render: (row) => (row.fields.yourRef === '' ? <NoValue /> : row.fields.yourRef),
        }
      : { id: 'acts', header: 'Do', width: 176, screenOnly: true, render: acts }
  return [
    { id: 'n', header: 'Row', width: 64, align: 'end', render: (row) => row.n.toLocaleString('en-IN') },
    { id: 'order', header: 'Order', width: 150, rowHeader: true, render: (row) => <OrderCell row={row} /> },
    {
      id: 'amount',
      header: 'Amount',
      width: 130,
      align: 'end',
      render: (row) => <AmountCell row={row} currency={currency} />,
    },
    {
      id: 'state',
      header: 'State',
      width: 124,
      render: (row) => <RowChip row={row} />,
    },
    {
      id: 'why',
      header: 'Why',
      width: 150,
      grow: true,
      render: (row) => {
        const text = rowText(row)
        return text === '' ? <NoValue /> : <span title={text}>{text}</span>
      },
    },
    last,
  ]
}

/** Name of a row in speech. */
export function rowSpoken(row: BulkRow): string {
  return `row ${row.n}, order ${row.fields.orderRef === '' ? 'missing' : row.fields.orderRef}`
}

function SampleLink({ row }: { row: BulkSampleRow }) {
  const { link: Link } = useKit()
  return (
    <Link to={orderPath(row.orderRef)} tabIndex={-1} className={css['mono']}>
      {row.orderRef}
    </Link>
  )
}

/** One of them on a phone: its amount, of how much and through whom it was paid, then its order and why. */
export function sampleCard(currency: string) {
  return (row: BulkSampleRow) => (
    <CardLines
      first={
        <>
          <span>
            <Money value={{ minor: row.amountMinor, currency }} strong /> of{' '}
            <Money value={{ minor: row.paidMinor, currency }} />
          </span>
          <span>{row.gateway}</span>
        </>
      }
      second={
        <>
          <CardStart lead={<SampleLink row={row} />}>{row.note}</CardStart>
          <span>{row.reason === null ? null : reasonLabel(row.reason)}</span>
        </>
      }
    />
  )
}

/** Columns of the rows that an approver looks at. */
export function sampleColumns(currency: string): readonly GridColumn<BulkSampleRow>[] {
  return [
    { id: 'n', header: 'Row', width: 64, align: 'end', render: (row) => row.n.toLocaleString('en-IN') },
    { id: 'order', header: 'Order', width: 180, rowHeader: true, render: (row) => <SampleLink row={row} /> },
    {
      id: 'amount',
      header: 'Amount',
      width: 130,
      align: 'end',
      render: (row) => <Money value={{ minor: row.amountMinor, currency }} strong />,
    },
    {
      id: 'paid',
      header: 'Charged',
      width: 130,
      align: 'end',
      render: (row) => <Money value={{ minor: row.paidMinor, currency }} />,
    },
    { id: 'gateway', header: 'Gateway', width: 120, render: (row) => row.gateway ?? <NoValue /> },
    {
      id: 'reason',
      header: 'Reason',
      width: 140,
      render: (row) => (row.reason === null ? <NoValue /> : reasonLabel(row.reason)),
    },
    {
      id: 'note',
      header: 'Note',
      width: 160,
      grow: true,
      render: (row) => (row.note === null ? <NoValue /> : <span title={row.note}>{row.note}</span>),
    },
  ]
}
