import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ORDER_COLUMNS, type OrderSort } from '../../../server/domain/order-columns.ts'
import {
  EXPORT_AT_ONCE_MAX,
  EXPORT_CHOSEN_MAX,
  EXPORT_DAYS,
  type ExportFormat,
  type ExportRequest,
  type ExportZone,
} from '../../../server/domain/order-export.ts'
import { downloadPath, saveFile } from '../../lib/download.ts'
import { toActProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FieldRow, SelectField } from '../../ui/fields.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ExportFiles } from './export-files.tsx'
import { sumsText } from './order-columns.tsx'
import { useRenewFiles } from './use-renew-files.ts'
import type { Selection } from './use-selection.ts'
import css from './transactions.module.css'

export type ExportSource = {
  q: string
  range: { from: Date | null; to: Date | null }
  sort: OrderSort
  /** Ids of the columns on screen, in their order. */
  columns: readonly string[]
  /** Orders that are selected. */
  chosen: readonly string[]
  /** All that matched when they were selected, counted then; null for the list as it is. */
  all: Selection['all']
  /** "about 48,210 orders", when it is known. */
  total: string | null
}

const ALL_COLUMNS = ORDER_COLUMNS.map(({ id }) => id)
const FORMATS: readonly { value: ExportFormat; label: string }[] = [
  { value: 'csv', label: 'CSV' },
  { value: 'xlsx', label: 'XLSX (Excel)' },
]
const ZONES: readonly { value: ExportZone; label: string }[] = [
  { value: 'IST', label: 'IST' },
  { value: 'UTC', label: 'UTC' },
]
const COUNT = new Intl.NumberFormat('en-IN')

/** Asks what goes into a file of the list, and shows the files there are (design §3.18). */
export function ExportDialog({ source, onClose }: { source: ExportSource; onClose: () => void }) {
  const trpc = useTRPC()
  const renewFiles = useRenewFiles()
  const { timeZone } = useKit()
  const canSeeAll = useCan('order:pii')
  const create = useMutation(trpc.exports.create.mutationOptions())
  const tooMany = source.chosen.length > EXPORT_CHOSEN_MAX
  const [what, setWhat] = useState<'list' | 'chosen'>(
    source.chosen.length > 0 && !tooMany ? 'chosen' : 'list',
  )
  const [format, setFormat] = useState<ExportFormat>('csv')
  const [columns, setColumns] = useState<'shown' | 'all'>('shown')
  const [zone, setZone] = useState<ExportZone>(timeZone)
  const [personal, setPersonal] = useState(false)
  const [requestKey, setRequestKey] = useState(() => crypto.randomUUID())
  const [problem, setProblem] = useState<{ title: string; message: string } | null>(null)
  const [made, setMade] = useState<string | null>(null)

  async function run() {
    setProblem(null)
    try {
      const request = requestOf(source, { what, format, columns, zone, personal })
      const file = await create.mutateAsync({ requestKey, request })
      // The next press is another file.
      setRequestKey(crypto.randomUUID())
      await renewFiles()
      if (file.status === 'ready') {
        saveFile(downloadPath.orders(file.id))
        toast.success(`${file.fileName}: ${COUNT.format(file.written)} orders.`)
        onClose()
        return
      }
      setMade(file.fileName)
      announce('The file is being made.')
    } catch (error) {
      setProblem(toActProblem(error))
    }
  }

  const chosenOptions =
    source.chosen.length === 0
      ? []
      : [{ value: 'chosen' as const, label: `${COUNT.format(source.chosen.length)} selected` }]
  return (
    <Dialog
      open
      onClose={onClose}
      title="Export transactions"
      footNote={`Above ${COUNT.format(EXPORT_AT_ONCE_MAX)} orders the file is made in the background.`}
      actions={
        <>
          <ActionButton onPress={onClose}>Close</ActionButton>
          <ActionButton
            tone="primary"
            busy={create.isPending}
            disabledReason={
              what === 'chosen' && tooMany
                ? `At most ${EXPORT_CHOSEN_MAX} selected orders. Export the list instead.`
                : null
            }
            shortcut={{ id: 'export.run', keys: 'Mod+Enter', label: 'Export', scope: 'dialog' }}
            onPress={() => void run()}
          >
            {create.isPending ? 'Exporting…' : 'Export'}
          </ActionButton>
        </>
      }
    >
      <div className={css['form']}>
        {problem ? (
          <Notice tone="failed" title={problem.title}>
            {problem.message}
          </Notice>
        ) : null}
        {made ? (
          <Notice tone="info" title="The file is being made.">
            {made} can be downloaded below when it is ready, for {EXPORT_DAYS} days. You may close this: you
            are told wherever you are.
          </Notice>
        ) : null}
        <FieldRow>
          <SelectField
            label="What"
            value={what}
            onChange={setWhat}
            // Not in the option: a select cuts off at its end what is longer than it is wide.
            hint={source.all && what === 'list' ? `${sumsText(source.all)} in total` : null}
            options={[{ value: 'list', label: listWords(source) }, ...chosenOptions]}
          />
          <SelectField
            label="Format"
            value={format}
            onChange={setFormat}
            options={FORMATS}
            // A CSV has no kinds of cells, and what would make Excel take digits for text is a formula.
            hint={format === 'csv' ? 'Excel cuts long references in a CSV. XLSX keeps them.' : null}
          />
        </FieldRow>
        <FieldRow>
          <SelectField
            label="Columns"
            value={columns}
            onChange={setColumns}
            options={[
              { value: 'shown', label: `As on screen (${source.columns.length})` },
              { value: 'all', label: `All (${ALL_COLUMNS.length})` },
            ]}
          />
          <SelectField label="Time zone" value={zone} onChange={setZone} options={ZONES} />
        </FieldRow>
        <label className={css['check']}>
          <input
            type="checkbox"
            checked={personal}
            disabled={!canSeeAll.allowed}
            onChange={() => setPersonal(!personal)}
          />
          Include personal data (email and phone)
        </label>
        {canSeeAll.reason ? <p className="caption">{canSeeAll.reason}</p> : null}
        {personal ? (
          <Notice tone="review" title="The file will hold emails and phone numbers in full.">
            That you took them is logged. Keep the file where only people who need it can read it.
          </Notice>
        ) : null}
        <ExportFiles />
      </div>
    </Dialog>
  )
}

/** "All 48,207 that match", "This list, about 48,210 orders". */
function listWords({ all, total }: ExportSource): string {
  if (all) return `All ${COUNT.format(all.count)} that match`
  return total === null ? 'This list' : `This list, ${total}`
}

type Choice = {
  what: 'list' | 'chosen'
  format: ExportFormat
  columns: 'shown' | 'all'
  zone: ExportZone
  personal: boolean
}

function requestOf(source: ExportSource, choice: Choice): ExportRequest {
  const { from, to } = (source.all ?? source).range
  return {
    what:
      choice.what === 'chosen'
        ? { kind: 'chosen', orderIds: [...source.chosen] }
        : {
            kind: 'list',
            q: source.q,
            from: from?.toISOString() ?? null,
            to: to?.toISOString() ?? null,
            asOf: source.all?.asOf.toISOString() ?? null,
          },
    sort: source.sort,
    columns: choice.columns === 'all' ? ALL_COLUMNS : [...source.columns],
    format: choice.format,
    zone: choice.zone,
    personal: choice.personal,
  }
}
