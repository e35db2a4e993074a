import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { gridState } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { Money, NoValue } from '../../ui/money.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { idFact } from './fact-cells.tsx'
import type { Attempt } from './order-types.ts'
import css from './order.module.css'

/** Beside the facts of a 1440 px screen there is room for 790 px: the reference that the attempt in full repeats comes last. */
const COLUMNS: readonly GridColumn<Attempt>[] = [
  { id: 'number', header: 'Attempt', width: 84, rowHeader: true, render: (row) => `Attempt ${row.number}` },
  {
    id: 'status',
    header: 'Status',
    width: 116,
    render: (row) => (
      <StatusChip
        status={row.paymentStatus === 'created' ? 'pending' : row.paymentStatus}
        label={row.label}
        detail={row.providerStatus}
      />
    ),
  },
  {
    id: 'gateway',
    header: 'Gateway',
    width: 90,
    render: (row) => (row.gateway === null ? <NoValue /> : gatewayLabel(row.gateway)),
  },
  { id: 'method', header: 'Method', width: 128, render: (row) => row.methodLabel || <NoValue /> },
  {
    id: 'reason',
    header: 'Bank said',
    width: 130,
    grow: true,
    render: (row) => {
      const text = answerOf(row)
      return text ? <span title={text}>{text}</span> : <NoValue />
    },
  },
  {
    id: 'left',
    header: 'Left to refund',
    width: 108,
    align: 'end',
    render: (row) =>
      row.leftMinor === null ? (
        <NoValue />
      ) : (
        <Money value={{ minor: row.leftMinor, currency: row.currency }} />
      ),
  },
  { id: 'at', header: 'Time', width: 134, render: (row) => <DateTime at={row.createdAt} /> },
  {
    id: 'ref',
    header: 'Gateway ID',
    width: 150,
    render: (row) => <IdCell value={row.gatewayRef} what="gateway ID" tabIndex={-1} noCopy />,
  },
]

/** What the bank or the gateway answered, in its words: "Insufficient funds (51)". */
function answerOf({ errorMessage, errorCode }: Attempt): string {
  return [errorMessage, errorCode && `(${errorCode})`].filter(Boolean).join(' ')
}

/** Each try at a gateway, first to last, and one of them in full: the latest until another is opened. */
export function OrderAttempts({ orderId }: { orderId: string }) {
  const trpc = useTRPC()
  const attempts = useQuery(trpc.orders.attempts.queryOptions({ orderId }))
  const [openedId, setOpenedId] = useState<string | null>(null)
  const opened = attempts.data?.find((row) => row.id === openedId) ?? attempts.data?.at(-1)
  return (
    <>
      <DataGrid
        label="Attempts"
        inline
        pageKeys={false}
        columns={COLUMNS}
        rows={attempts.data ?? []}
        rowId={(row) => row.id}
        rowLabel={(row) => `attempt ${row.number}`}
        state={gridState(attempts, 'the attempts')}
        empty={<EmptyState title="No attempts yet.">The customer has not tried to pay.</EmptyState>}
        onOpen={(row) => setOpenedId(row.id)}
      />
      {opened ? (
        <div className={css['inFull']}>
          <AttemptFacts attempt={opened} />
        </div>
      ) : null}
    </>
  )
}

/** The fields of an attempt that have values; the IDs are what a bank asks for. */
function AttemptFacts({ attempt }: { attempt: Attempt }) {
  const { amountMinor, currency } = attempt
  return (
    <Section title={`Attempt ${attempt.number} in full`}>
      <FactList
        facts={[
          {
            label: 'Amount',
            value: amountMinor === null ? null : <Money value={{ minor: amountMinor, currency }} />,
          },
          { label: 'Juspay status', value: <span className="mono">{attempt.providerStatus}</span> },
          { label: 'Bank said', value: answerOf(attempt) },
          { label: 'RRN', value: idFact(attempt.rrn, 'RRN') },
          { label: 'Gateway ID', value: idFact(attempt.gatewayRef, 'gateway ID') },
          { label: 'Attempt ID', value: idFact(attempt.txnRef, 'attempt ID') },
          { label: 'Begun', value: attempt.createdAt && <DateTime at={attempt.createdAt} format="full" /> },
        ]}
      />
    </Section>
  )
}
