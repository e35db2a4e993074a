import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { useState } from 'react'
import { exactJsonText, exactNumberText } from '../../server/domain/exact-number.ts'
import { ActionButton } from './action-button.tsx'
import { copyText } from './copy-button.tsx'
import css from './json-viewer.module.css'

/** A value as `JSON.parse` gives it; numbers that a float would change are tagged (`exact-number.ts`). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

type JsonViewerProps = {
  value: Json
  /** Name of the block: "Webhook body". */
  label: string
  /** Levels open at first. */
  depth?: number
}

const LONG_TEXT_CHARS = 400

/** Collapsible JSON: nested lists with buttons for the branches, and one button that copies all of it. */
export function JsonViewer({ value, label, depth = 3 }: JsonViewerProps) {
  return (
    <figure className={css['viewer']} aria-label={label}>
      <div className={css['tools']}>
        <ActionButton tone="quiet" onPress={() => void copyText(exactJsonText(value), label)}>
          Copy
        </ActionButton>
      </div>
      {/* A scrolling region has to be reachable by keyboard. */}
      <div className={css['scroll']} tabIndex={0} role="region" aria-label={`${label}, content`}>
        <ul className={css['tree']}>
          <Node value={value} depth={depth} last />
        </ul>
      </div>
    </figure>
  )
}

type NodeProps = { name?: string; value: Json; depth: number; last: boolean }

function Node({ name, value, depth, last }: NodeProps) {
  const [open, setOpen] = useState(depth > 0)
  const key = name === undefined ? null : <span className={css['key']}>{JSON.stringify(name)}</span>
  const colon = name === undefined ? null : <span className={css['punct']}>: </span>
  const comma = last ? null : <span className={css['punct']}>,</span>
  const exact = exactNumberText(value)
  if (value === null || typeof value !== 'object' || exact !== null) {
    return (
      <li>
        {key}
        {colon}
        {value === null || typeof value !== 'object' ? (
          <Scalar value={value} />
        ) : (
          <span className={css['number']}>{exact}</span>
        )}
        {comma}
      </li>
    )
  }
  const list = Array.isArray(value)
  const children: [string | undefined, Json][] = isList(value)
    ? value.map((child) => [undefined, child])
    : Object.entries(value)
  const [start, end] = list ? ['[', ']'] : ['{', '}']
  if (children.length === 0) {
    return (
      <li>
        {key}
        {colon}
        <span className={css['punct']}>
          {start}
          {end}
        </span>
        {comma}
      </li>
    )
  }
  const Shape = open ? IconChevronDown : IconChevronRight
  return (
    <li>
      <button
        type="button"
        className={css['toggle']}
        aria-expanded={open}
        aria-label={`${name ?? (list ? 'list' : 'object')}, ${children.length} ${list ? 'entries' : 'fields'}`}
        onClick={() => setOpen(!open)}
      >
        <Shape size={12} stroke={2} aria-hidden />
      </button>
      {key}
      {colon}
      <span className={css['punct']}>{start}</span>
      {open ? (
        <ul>
          {children.map(([childName, child], i) => (
            <Node
              key={childName ?? i}
              {...(childName !== undefined && { name: childName })}
              value={child}
              depth={depth - 1}
              last={i === children.length - 1}
            />
          ))}
        </ul>
      ) : (
        <span className={css['punct']}> {children.length} </span>
      )}
      <span className={css['punct']}>{end}</span>
      {comma}
    </li>
  )
}

function isList(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value)
}

function Scalar({ value }: { value: null | boolean | number | string }) {
  const [whole, setWhole] = useState(false)
  if (typeof value === 'string') {
    const text = JSON.stringify(value)
    if (text.length <= LONG_TEXT_CHARS || whole) return <span className={css['string']}>{text}</span>
    return (
      <span className={css['string']}>
        {text.slice(0, LONG_TEXT_CHARS)}
        <button type="button" className={css['more']} onClick={() => setWhole(true)}>
          … show {text.length - LONG_TEXT_CHARS} more characters
        </button>
      </span>
    )
  }
  return <span className={css[typeof value === 'number' ? 'number' : 'bool']}>{String(value)}</span>
}
