import { useMemo, useRef, useState } from 'react'
import { exactNumberText } from '../../server/domain/exact-number.ts'
import { compareJson, differs, FILTERED, type CompareRow } from '../../server/domain/json-compare.ts'
import { isMasked } from '../../server/domain/masked-text.ts'
import { ActionButton } from './action-button.tsx'
import { copyText } from './copy-button.tsx'
import { RadioLine } from './radio-line.tsx'
import { EmptyState } from './states.tsx'
import { usePhone } from './use-phone.ts'
import { useShortcut } from './use-shortcut.ts'
import css from './json-compare.module.css'

/** Rows drawn; more would only slow the page that a person looks for one field on. */
const DRAWN_MAX = 1_000

export type CompareSide = {
  /** Name of the side: "Webhook 22 Nov, 14:33:19". */
  name: string
  json: unknown
  /** Our record knows fewer fields than a message: only those it holds are compared. */
  partial: boolean
}

type View = 'changes' | 'side' | 'unified'
const VIEWS: readonly { value: View; label: string }[] = [
  { value: 'changes', label: 'Only changes' },
  { value: 'side', label: 'Side by side' },
  { value: 'unified', label: 'Unified' },
]

type JsonCompareProps = {
  before: CompareSide
  after: CompareSide
  /** What the differences come to, given how many there are. */
  meaning?: (differing: number) => string
}

/** Two payloads field by field; `N` and `Shift+N` go from change to change. */
export function JsonCompare({ before, after, meaning }: JsonCompareProps) {
  const [view, setView] = useState<View>('changes')
  const [unfolded, setUnfolded] = useState(false)
  const { rows, cut } = useMemo(() => compareSides(before, after), [before, after])
  const differing = rows.filter(differs)
  const folded = rows.filter((row) => row.folded && row.kind !== 'same')
  const unchanged = rows.length - differing.length - folded.length
  const shown = (view === 'changes' ? differing : rows.filter((row) => !row.folded)).concat(
    unfolded ? folded : [],
  )
  if (before.json === null || after.json === null)
    return (
      <EmptyState title="One side is not JSON.">
        Only messages that can be read are compared field by field.
      </EmptyState>
    )
  return (
    <div className={css['compare']}>
      {meaning ? <p className={css['meaning']}>{meaning(differing.length)}</p> : null}
      <div className={css['tools']}>
        <p role="status" className="caption">
          {differing.length === 0 ? 'Nothing differs' : `${differing.length} of ${rows.length} fields differ`}
          {cut ? '. Only the first part is compared: there is too much of it' : ''}. Numbers are compared as
          decimals, times as instants, list entries by their id. Hidden values are compared as shown.
        </p>
        <RadioLine label="How to show it" options={VIEWS} value={view} onChange={setView} />
        <ActionButton
          tone="quiet"
          onPress={() => void copyText(plainText(differing, before, after), 'changes')}
        >
          Copy
        </ActionButton>
        <ActionButton tone="quiet" onPress={() => download(plainText(rows, before, after))}>
          Download
        </ActionButton>
      </div>
      <Changes view={view} rows={shown.slice(0, DRAWN_MAX)} before={before} after={after} />
      {shown.length > DRAWN_MAX ? <p className="caption">The first {DRAWN_MAX} fields are shown.</p> : null}
      <p className={css['rest']}>
        {view === 'changes' && unchanged > 0 ? (
          <button type="button" className={css['toggle']} onClick={() => setView('side')}>
            {unchanged} the same. Show all
          </button>
        ) : null}
        {folded.length > 0 ? (
          <button
            type="button"
            className={css['toggle']}
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            {folded.length} always different. {unfolded ? 'Hide' : 'Show'}
          </button>
        ) : null}
      </p>
    </div>
  )
}

type ChangesProps = { view: View; rows: readonly CompareRow[]; before: CompareSide; after: CompareSide }

function Changes({ view, rows, before, after }: ChangesProps) {
  // A phone has no room for two values side by side; whoever wants them so can have them and scroll.
  const phone = usePhone()
  const stacked = view === 'unified' || (view === 'changes' && phone)
  const box = useRef<HTMLDivElement>(null)
  const step = (by: 1 | -1) => {
    const changes = [...(box.current?.querySelectorAll<HTMLElement>('[data-change]') ?? [])]
    const at = changes.findIndex((change) => change === document.activeElement)
    const next = at === -1 ? (by === 1 ? 0 : changes.length - 1) : (at + by + changes.length) % changes.length
    changes[next]?.focus()
  }
  useShortcut({ id: 'compare.next', keys: 'N', label: 'Next change', palette: false, run: () => step(1) })
  useShortcut({
    id: 'compare.previous',
    keys: 'Shift+N',
    label: 'Previous change',
    palette: false,
    run: () => step(-1),
  })
  if (rows.length === 0) return null
  return (
    <div ref={box} className={css['scroll']}>
      <table className={css['table']} data-stacked={stacked || undefined}>
        <caption className="visually-hidden">
          {before.name} beside {after.name}
        </caption>
        <thead>
          <tr>
            <th scope="col" className={css['gutter']}>
              <span className="visually-hidden">Kind of change</span>
            </th>
            <th scope="col">Field</th>
            {stacked ? (
              <th scope="col">
                Value: − {before.name}, + {after.name}
              </th>
            ) : (
              <>
                <th scope="col">{before.name}</th>
                <th scope="col">{after.name}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.path} row={row} stacked={stacked} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const MARKS = { same: '', changed: '~', added: '+', removed: '-', hidden: '' } as const
const SPOKEN = {
  same: 'same',
  changed: 'changed',
  added: 'only after',
  removed: 'only before',
  hidden: 'hidden by Juspay',
} as const

function Row({ row, stacked }: { row: CompareRow; stacked: boolean }) {
  const change = differs(row)
  return (
    <tr data-kind={row.kind} data-change={change || undefined} tabIndex={change ? -1 : undefined}>
      <td className={css['gutter']}>
        <span aria-hidden>{MARKS[row.kind]}</span>
        <span className="visually-hidden">{SPOKEN[row.kind]}</span>
      </td>
      <th scope="row" className="mono">
        {row.path}
      </th>
      {stacked ? (
        <td className="mono">
          <Unified row={row} />
        </td>
      ) : (
        <>
          <td className="mono">
            <Side value={row.before} />
          </td>
          <td className="mono">
            <Side value={row.after} />
          </td>
        </>
      )}
    </tr>
  )
}

function Unified({ row }: { row: CompareRow }) {
  if (row.kind === 'same') return <Side value={row.after} />
  return (
    <>
      {row.before === undefined ? null : (
        <span className={css['minus']}>
          − <Side value={row.before} />
        </span>
      )}
      {row.after === undefined ? null : (
        <span className={css['plus']}>
          + <Side value={row.after} />
        </span>
      )}
    </>
  )
}

function Side({ value }: { value: unknown }) {
  if (value === undefined) return <span className="muted">not said</span>
  if (value === FILTERED) return <span className="muted">hidden by Juspay</span>
  return (
    <>
      {textOf(value)}
      {isMasked(value) ? <span className="muted"> hidden</span> : null}
    </>
  )
}

function textOf(value: unknown): string {
  return exactNumberText(value) ?? (typeof value === 'string' ? value : JSON.stringify(value))
}

function compareSides(before: CompareSide, after: CompareSide) {
  const { rows, cut } = compareJson(before.json, after.json)
  const held = rows.filter(
    (row) => (!before.partial || row.before !== undefined) && (!after.partial || row.after !== undefined),
  )
  return { rows: held, cut }
}

/** For a ticket: one line a field, what each side says. */
function plainText(rows: readonly CompareRow[], before: CompareSide, after: CompareSide): string {
  const lines = rows.flatMap((row) => [
    row.path,
    ...(row.before === undefined ? [] : [`  - ${textOf(row.before)}`]),
    ...(row.after === undefined ? [] : [`  + ${textOf(row.after)}`]),
  ])
  return [`- ${before.name}`, `+ ${after.name}`, '', ...lines].join('\n')
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = 'comparison.txt'
  link.click()
  URL.revokeObjectURL(address)
}
