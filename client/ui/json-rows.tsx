import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useState, type ReactNode } from 'react'
import { exactNumberText } from '../../server/domain/exact-number.ts'
import { isMasked } from '../../server/domain/masked-text.ts'
import { scalarText, type Json, type JsonLine } from './json-lines.ts'
import css from './json-viewer.module.css'

/** Above this many lines only those in sight are mounted. */
const MOUNTED_MAX = 2_000
const LINE_PX = 20
const OVERSCAN = 30
const LONG_TEXT_CHARS = 400

type JsonRowsProps = {
  scroller: HTMLDivElement | null
  lines: readonly JsonLine[]
  idOf: (index: number) => string
  /** Index of the line under the cursor. */
  cursor: number
  find: string
  onCursor: (path: string) => void
  onToggle: (line: JsonLine) => void
}

/** The lines of a tree, all of them or, when they are many, those in sight. */
export function JsonRows(props: JsonRowsProps) {
  return props.lines.length > MOUNTED_MAX ? <VirtualRows {...props} /> : <AllRows {...props} />
}

function AllRows(props: JsonRowsProps) {
  const { scroller, cursor, idOf } = props
  const active = idOf(cursor)
  useEffect(() => {
    // Not when the page opens: only the person's own movement scrolls.
    if (scroller?.contains(document.activeElement) || document.activeElement?.matches('[type=search]'))
      document.getElementById(active)?.scrollIntoView({ block: 'nearest' })
  }, [active, scroller])
  return props.lines.map((line, index) => <Line key={line.path} {...props} line={line} index={index} />)
}

function VirtualRows(props: JsonRowsProps) {
  const { scroller, lines, cursor } = props
  // The compiler leaves this small component alone, which is what the library needs.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller,
    estimateSize: () => LINE_PX,
    overscan: OVERSCAN,
    getItemKey: (index) => lines[index]?.path ?? index,
  })
  useEffect(() => virtual.scrollToIndex(cursor), [cursor, virtual])
  return (
    <div role="presentation" className={css['virtual']} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const line = lines[item.index]
        return line ? (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            role="presentation"
            className={css['placed']}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <Line {...props} line={line} index={item.index} />
          </div>
        ) : null
      })}
    </div>
  )
}

type LineProps = JsonRowsProps & { line: JsonLine; index: number }

function Line({ line, index, idOf, cursor, find, onCursor, onToggle }: LineProps) {
  const indent = { paddingInlineStart: `${line.depth * 16 + 18}px` }
  const comma = line.last ? null : <span className={css['punct']}>,</span>
  if (line.kind === 'end') {
    return (
      <div className={css['line']} style={indent} aria-hidden>
        <span className={css['punct']}>{line.bracket === '[' ? ']' : '}'}</span>
        {comma}
      </div>
    )
  }
  const branch = line.kind !== 'scalar'
  const Shape = line.kind === 'open' ? IconChevronDown : IconChevronRight
  return (
    // The tree takes the keys; the lines themselves are not in the tab order.
    <div
      id={idOf(index)}
      role="treeitem"
      aria-level={line.depth + 1}
      aria-setsize={line.place.of}
      aria-posinset={line.place.at}
      aria-selected={index === cursor}
      aria-expanded={branch ? line.kind === 'open' : undefined}
      className={css['line']}
      data-cursor={index === cursor || undefined}
      style={indent}
      onClick={() => onCursor(line.path)}
      onDoubleClick={() => {
        if (branch) onToggle(line)
      }}
    >
      {branch ? (
        <span
          className={css['toggle']}
          aria-hidden
          onClick={(event) => {
            event.stopPropagation()
            onToggle(line)
          }}
        >
          <Shape size={12} stroke={2} />
        </span>
      ) : null}
      {typeof line.name === 'string' ? (
        <>
          <span className={css['key']}>
            <Found text={JSON.stringify(line.name)} find={find} />
          </span>
          <span className={css['punct']}>: </span>
        </>
      ) : null}
      {branch ? <Branch line={line} /> : <Scalar value={line.value} find={find} />}
      {line.kind === 'open' ? null : comma}
    </div>
  )
}

function Branch({ line }: { line: JsonLine }) {
  const end = line.bracket === '[' ? ']' : '}'
  const noun = line.bracket === '[' ? 'entries' : 'fields'
  return (
    <>
      <span className={css['punct']}>{line.bracket}</span>
      {line.kind === 'closed' ? (
        <span className={css['punct']}>
          {' '}
          {line.count} {noun} {end}
        </span>
      ) : null}
    </>
  )
}

function Scalar({ value, find }: { value: Json; find: string }) {
  const [whole, setWhole] = useState(false)
  const text = scalarText(value)
  const cut = text.length > LONG_TEXT_CHARS && !whole
  return (
    <>
      <span className={css[kindOf(value)]}>
        <Found text={cut ? text.slice(0, LONG_TEXT_CHARS) : text} find={find} />
      </span>
      {cut ? (
        <button type="button" tabIndex={-1} className={css['more']} onClick={() => setWhole(true)}>
          … show {text.length - LONG_TEXT_CHARS} more characters
        </button>
      ) : null}
      {isMasked(value) ? <span className={css['hidden']}>hidden</span> : null}
    </>
  )
}

function kindOf(value: Json): 'string' | 'number' | 'bool' | 'punct' {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number' || exactNumberText(value) !== null) return 'number'
  return value === null || typeof value === 'boolean' ? 'bool' : 'punct'
}

/** The text with every place that was looked for marked. */
function Found({ text, find }: { text: string; find: string }): ReactNode {
  const wanted = find.toLowerCase()
  if (wanted === '') return text
  const parts: ReactNode[] = []
  const lower = text.toLowerCase()
  let from = 0
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + wanted.length)}</mark>)
    from = at + wanted.length
  }
  return [...parts, text.slice(from)]
}
