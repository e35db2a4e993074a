/**
 * Just enough understanding of TypeScript to check rules over it: which characters are code, and what is imported.
 * The compiler in use has no programming interface.
 */

export interface Import {
  /** As written: `./money.ts`, `zod`, `node:fs`. */
  from: string
  /** Whether nothing of it is left when the types are erased. */
  typeOnly: boolean
  /** Whether it is passed on: `export … from`. */
  reexport: boolean
  line: number
}

/** The source with comments and the contents of strings blanked out; every other character keeps its place. */
export function blankText(source: string): string {
  const out = source.split('')
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (out[i] !== '\n') out[i] = ' '
  }
  /** Depth of braces inside each `${…}` that is open. */
  const templates: number[] = []
  let i = 0
  while (i < source.length) {
    const end = tokenEnd(source, i, templates)
    if (end.blankTo > end.blankFrom) blank(end.blankFrom, end.blankTo)
    i = end.next
  }
  return out.join('')
}

interface Token {
  next: number
  blankFrom: number
  blankTo: number
}

/** The token at `at`, if it is a comment, string, template or regular expression; else one character of code. */
function tokenEnd(text: string, at: number, templates: number[]): Token {
  const two = text.slice(at, at + 2)
  const char = text[at]
  if (two === '//') return whole(at, lineEnd(text, at))
  if (two === '/*') {
    const close = text.indexOf('*/', at + 2)
    return whole(at, close < 0 ? text.length : close + 2)
  }
  if (char === "'" || char === '"') return inside(at, quoteEnd(text, at))
  if (char === '`') return templatePart(text, at, templates)
  if (char === '/' && startsRegex(text, at)) return inside(at, quoteEnd(text, at))
  const depth = templates.at(-1)
  if (depth !== undefined) {
    if (char === '}' && depth === 0) {
      templates.pop()
      return templatePart(text, at, templates)
    }
    if (char === '{') templates[templates.length - 1] = depth + 1
    if (char === '}') templates[templates.length - 1] = depth - 1
  }
  return { next: at + 1, blankFrom: at, blankTo: at }
}

const whole = (from: number, to: number): Token => ({ next: to, blankFrom: from, blankTo: to })
const inside = (from: number, to: number): Token => ({
  next: to,
  blankFrom: from + 1,
  blankTo: Math.max(from + 1, to - 1),
})

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** Past the closing mark; an apostrophe in a page's text has none, and ends with its line. */
function quoteEnd(text: string, at: number): number {
  const limit = lineEnd(text, at)
  let inClass = false
  for (let i = at + 1; i < limit; i++) {
    if (text[i] === '\\') i++
    else if (text[at] === '/' && text[i] === '[') inClass = true
    else if (text[at] === '/' && text[i] === ']') inClass = false
    else if (text[i] === text[at] && !inClass) return i + 1
  }
  return limit
}

/** From a backtick, or from the brace that closes a `${…}`, to the next `${` or the closing backtick. */
function templatePart(text: string, at: number, templates: number[]): Token {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '`') return inside(at, i + 1)
    else if (text[i] === '$' && text[i + 1] === '{') {
      templates.push(0)
      return { next: i + 2, blankFrom: at + 1, blankTo: i }
    }
  }
  return inside(at, text.length)
}

function startsRegex(text: string, at: number): boolean {
  const before = text.slice(0, at).trimEnd()
  return /[(,=:[!&|?;+]$/.test(before) || /\b(return|case|typeof)$/.test(before)
}

const statement = /(?<![\w$.])(import|export)\b([^;'"()]*?)\bfrom\s*(['"])/g
const bare = /(?<![\w$.])import\s*(['"])/g
const dynamic = /(?<![\w$.])import\s*\(\s*(['"`])/g

/** Every module that a source names: imports, re-exports, and imports at run time. */
export function findImports(source: string): Import[] {
  const code = blankText(source)
  const found: Import[] = []
  const add = (match: RegExpExecArray, typeOnly: boolean, reexport: boolean) => {
    const start = match.index + match[0].length
    const quote = source[start - 1] ?? "'"
    const line = code.slice(0, match.index).split('\n').length
    found.push({ from: source.slice(start, source.indexOf(quote, start)), typeOnly, reexport, line })
  }
  for (const match of code.matchAll(statement)) add(match, isTypeOnly(match[2] ?? ''), match[1] === 'export')
  for (const match of code.matchAll(bare)) add(match, false, false)
  for (const match of code.matchAll(dynamic)) add(match, false, false)
  return found
}

/** `type { A }`, `{ type A, type B }`, but not `{ type A, b }`. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true
  const names =
    /^\s*\{([^}]*)\}\s*$/
      .exec(clause)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? []
  const given = names.filter((name) => name !== '')
  return given.length > 0 && given.every((name) => /^type\s/.test(name))
}
