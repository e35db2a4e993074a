/** A JSON value as the lines of a tree. Pure: the viewer draws them. */
import { exactNumberText } from '../../server/domain/exact-number.ts'

/** A value as `JSON.parse` gives it; numbers that a float would change are tagged (`exact-number.ts`). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export type JsonLine = {
  /** `content.order.refunds[0].amount`; empty for the whole. Unique. */
  path: string
  parent: string | null
  /** Name of a member, place in a list, null for the whole. */
  name: string | number | null
  depth: number
  value: Json
  /** `end` closes what `open` began and is no entry of the tree. */
  kind: 'open' | 'closed' | 'scalar' | 'end'
  /** Fields or entries of a branch. */
  count: number
  bracket: '{' | '[' | null
  /** The last of its siblings: no comma. */
  last: boolean
  place: { at: number; of: number }
}

export type Branches = {
  /** Levels open unless the person said otherwise. */
  depth: number
  /** What the person opened (true) and closed (false), by path. */
  chosen: ReadonlyMap<string, boolean>
}

/** Lines of `value` with its open branches. */
export function jsonLines(value: Json, branches: Branches): JsonLine[] {
  const lines: JsonLine[] = []
  add(
    { path: '', parent: null, name: null, depth: 0, value, last: true, place: { at: 1, of: 1 } },
    branches,
    lines,
  )
  return lines
}

type Entry = Pick<JsonLine, 'path' | 'parent' | 'name' | 'depth' | 'value' | 'last' | 'place'>

function add(entry: Entry, branches: Branches, lines: JsonLine[]): void {
  const children = childrenOf(entry)
  if (children === null || children.length === 0) {
    lines.push({ ...entry, kind: 'scalar', count: 0, bracket: null })
    return
  }
  const bracket = Array.isArray(entry.value) ? '[' : '{'
  const open = branches.chosen.get(entry.path) ?? entry.depth < branches.depth
  lines.push({ ...entry, kind: open ? 'open' : 'closed', count: children.length, bracket })
  if (!open) return
  for (const child of children) add(child, branches, lines)
  lines.push({ ...entry, path: `${entry.path} end`, kind: 'end', count: 0, bracket })
}

/** Null for what is no branch. */
function childrenOf({ path, depth, value }: Entry): Entry[] | null {
  if (value === null || typeof value !== 'object' || exactNumberText(value) !== null) return null
  const named: [string | number, Json][] = isList(value)
    ? value.map((child, i) => [i, child])
    : Object.entries(value)
  return named.map(([name, child], i) => ({
    path: pathOf(path, name),
    parent: path,
    name,
    depth: depth + 1,
    value: child,
    last: i === named.length - 1,
    place: { at: i + 1, of: named.length },
  }))
}

function pathOf(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

/** Places whose name or value contains `text`, in the order of the lines, at most `max`; case does not matter. */
export function findInJson(value: Json, text: string, max: number): string[] {
  const wanted = text.toLowerCase()
  const found: string[] = []
  if (wanted === '') return found
  const look = (entry: Entry): void => {
    if (found.length >= max) return
    const children = childrenOf(entry)
    const own = typeof entry.name === 'string' ? entry.name.toLowerCase().includes(wanted) : false
    const scalar = children === null && scalarText(entry.value).toLowerCase().includes(wanted)
    if (own || scalar) found.push(entry.path)
    for (const child of children ?? []) look(child)
  }
  look({ path: '', parent: null, name: null, depth: 0, value, last: true, place: { at: 1, of: 1 } })
  return found
}

/** The branches on the way to `path`, outermost first. */
export function ancestorsOf(value: Json, path: string): string[] {
  const way: string[] = []
  const look = (entry: Entry): boolean => {
    if (entry.path === path) return true
    way.push(entry.path)
    if ((childrenOf(entry) ?? []).some(look)) return true
    way.pop()
    return false
  }
  const root: Entry = {
    path: '',
    parent: null,
    name: null,
    depth: 0,
    value,
    last: true,
    place: { at: 1, of: 1 },
  }
  return look(root) ? way : []
}

/** A scalar as JSON writes it; an empty branch as its brackets. */
export function scalarText(value: Json): string {
  const exact = exactNumberText(value)
  if (exact !== null) return exact
  return JSON.stringify(value)
}

function isList(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value)
}
