import { useId, useMemo, useState, type KeyboardEvent } from 'react'
import { exactJsonText } from '../../server/domain/exact-number.ts'
import { ActionButton } from './action-button.tsx'
import { CopyButton, copyText } from './copy-button.tsx'
import { ancestorsOf, findInJson, jsonLines, scalarText, type Json, type JsonLine } from './json-lines.ts'
import { JsonRows } from './json-rows.tsx'
import css from './json-viewer.module.css'

export type { Json } from './json-lines.ts'

type JsonViewerProps = {
  value: Json
  /** Name of the block: "Webhook body". */
  label: string
  /** Levels open at first. */
  depth?: number
}

/** Matches counted at most. */
const FOUND_MAX = 1_000

/**
 * JSON as a tree: arrows move, open and close; what is found is counted and opened; the place of the cursor is shown and
 * copied.
 */
export function JsonViewer({ value, label, depth = 3 }: JsonViewerProps) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [cursor, setCursor] = useState('')
  const [find, setFind] = useState('')
  const [wrap, setWrap] = useState(false)
  // As state: the rows are told when it is there.
  const [tree, setTree] = useState<HTMLDivElement | null>(null)
  const id = useId()
  const lines = useMemo(() => jsonLines(value, { depth, chosen }), [value, depth, chosen])
  const found = useMemo(() => findInJson(value, find, FOUND_MAX), [value, find])
  const at = Math.max(
    0,
    lines.findIndex((line) => line.path === cursor),
  )
  const line = lines[at]
  const match = found.indexOf(cursor)

  function toggle({ path, kind }: JsonLine) {
    setCursor(path)
    setChosen(new Map(chosen).set(path, kind === 'closed'))
  }

  function goTo(path: string) {
    const opened = new Map(chosen)
    for (const ancestor of ancestorsOf(value, path)) opened.set(ancestor, true)
    setChosen(opened)
    setCursor(path)
  }

  function nextMatch(by: 1 | -1) {
    const next =
      found[(match === -1 ? (by === 1 ? 0 : found.length - 1) : match + by + found.length) % found.length]
    if (next !== undefined) goTo(next)
  }

  function onKeyDown(event: KeyboardEvent) {
    const next = afterKey(event.key, lines, at)
    if (next === null || !line) return
    event.preventDefault()
    event.stopPropagation()
    if (next.toggles) toggle(line)
    else setCursor(next.path)
  }

  return (
    <figure className={css['viewer']} aria-label={label}>
      <div className={css['tools']}>
        <FindField text={find} onText={setFind} onNext={nextMatch} found={found.length} at={match} />
        <ActionButton tone="quiet" pressed={wrap} onPress={() => setWrap(!wrap)}>
          Wrap
        </ActionButton>
        <ActionButton tone="quiet" onPress={() => void copyText(exactJsonText(value), label)}>
          Copy
        </ActionButton>
      </div>
      <div
        ref={setTree}
        className={css['scroll']}
        role="tree"
        tabIndex={0}
        aria-label={`${label}, content`}
        aria-activedescendant={`${id}-${at}`}
        data-wrap={wrap || undefined}
        onKeyDown={onKeyDown}
      >
        <JsonRows
          scroller={tree}
          idOf={(index) => `${id}-${index}`}
          lines={lines}
          cursor={at}
          find={find}
          onCursor={setCursor}
          onToggle={toggle}
        />
      </div>
      <figcaption className={css['path']}>
        <span className={css['pathText']}>{cursor === '' ? 'whole body' : cursor}</span>
        {cursor === '' ? null : <CopyButton text={cursor} what="path" />}
        {line?.kind === 'scalar' ? <CopyButton text={plainText(line.value)} what="value" /> : null}
      </figcaption>
    </figure>
  )
}

type FindFieldProps = {
  text: string
  onText: (text: string) => void
  onNext: (by: 1 | -1) => void
  found: number
  /** Place of the cursor among what was found; -1 for none. */
  at: number
}

function FindField({ text, onText, onNext, found, at }: FindFieldProps) {
  const count =
    text === ''
      ? ''
      : found === 0
        ? 'none'
        : `${at === -1 ? '' : `${at + 1} of `}${found}${found >= FOUND_MAX ? '+' : ''}`
  return (
    <span className={css['find']}>
      <input
        type="search"
        className={css['findInput']}
        aria-label="Find in the body"
        placeholder="Find"
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || found === 0) return
          event.preventDefault()
          onNext(event.shiftKey ? -1 : 1)
        }}
      />
      <span className={css['count']} role="status">
        {count}
      </span>
    </span>
  )
}

/** What a key does in the tree (W3C tree pattern): goes to a line, turns the branch under the cursor, or nothing. */
function afterKey(
  key: string,
  lines: readonly JsonLine[],
  at: number,
): { path: string; toggles: boolean } | null {
  const line = lines[at]
  if (!line) return null
  const entries = lines.filter(({ kind }) => kind !== 'end')
  const place = entries.indexOf(line)
  const to = (target: JsonLine | undefined) => ({ path: target?.path ?? line.path, toggles: false })
  const turn = { path: line.path, toggles: true }
  switch (key) {
    case 'ArrowDown':
      return to(entries[place + 1])
    case 'ArrowUp':
      return to(entries[place - 1])
    case 'Home':
      return to(entries[0])
    case 'End':
      return to(entries.at(-1))
    case 'ArrowRight':
      return line.kind === 'closed' ? turn : to(line.kind === 'open' ? entries[place + 1] : line)
    case 'ArrowLeft':
      return line.kind === 'open' ? turn : { path: line.parent ?? line.path, toggles: false }
    case 'Enter':
    case ' ':
      return line.kind === 'scalar' ? null : turn
    default:
      return null
  }
}

/** A text without its quotes, anything else as JSON writes it. */
function plainText(value: Json): string {
  return typeof value === 'string' ? value : scalarText(value)
}
