/** Where a text stops being JSON (RFC 8259), for a person who has to find out what a sender did wrong. */
export type JsonProblem = {
  /** Characters before the problem, from 0. */
  at: number
  line: number
  column: number
  message: string
}

const DEPTH_MAX = 10_000
const SPACE = /[\t\n\r ]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
// Everything but quotes, backslashes and control characters.
const PLAIN = /[ !#-[\]-\uffff]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

class Stop extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

/** The first problem of `text`; null when it is JSON. It does not recurse: a hostile body is deep. */
export function jsonProblem(text: string): JsonProblem | null {
  try {
    scan(text)
    return null
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    const before = text.slice(0, error.at).split('\n')
    return {
      at: error.at,
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      message: error.message,
    }
  }
}

/** What is open: a list, or an object. */
type Open = ']' | '}'

function scan(text: string): void {
  const open: Open[] = []
  let at = skip(text, 0)
  if (at === text.length) throw new Stop(at, 'The body is empty.')
  for (;;) {
    const start = text[at]
    if (start === '[' || start === '{') {
      if (open.length >= DEPTH_MAX) throw new Stop(at, 'It is nested too deeply.')
      const end = start === '[' ? ']' : '}'
      at = skip(text, at + 1)
      if (text[at] !== end) {
        open.push(end)
        if (end === '}') at = member(text, at)
        continue
      }
      at += 1
    } else at = scalar(text, at)
    at = skip(text, at)
    while (open.length > 0 && text[at] === open.at(-1)) {
      open.pop()
      at = skip(text, at + 1)
    }
    const inside = open.at(-1)
    if (inside === undefined) {
      if (at < text.length) throw new Stop(at, `Nothing may follow the value, but ${shown(text, at)} does.`)
      return
    }
    if (text[at] !== ',') throw new Stop(at, `Expected a comma or "${inside}", found ${shown(text, at)}.`)
    at = skip(text, at + 1)
    if (inside === '}') at = member(text, at)
  }
}

/** Past a name and its colon. */
function member(text: string, at: number): number {
  if (text[at] !== '"') throw new Stop(at, `Expected a name in quotes, found ${shown(text, at)}.`)
  const colon = skip(text, string(text, at))
  if (text[colon] !== ':')
    throw new Stop(colon, `Expected a colon after the name, found ${shown(text, colon)}.`)
  return skip(text, colon + 1)
}

function scalar(text: string, at: number): number {
  if (text[at] === '"') return string(text, at)
  const end = match(NUMBER, text, at) ?? match(WORD, text, at)
  if (end === null) throw new Stop(at, `Expected a value, found ${shown(text, at)}.`)
  return end
}

function string(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    at = match(PLAIN, text, at) ?? at
    if (text[at] === '"') return at + 1
    if (at >= text.length) throw new Stop(start, 'A text in quotes is not closed.')
    const escape = match(ESCAPE, text, at)
    if (escape === null)
      throw new Stop(
        at,
        text[at] === '\\'
          ? 'A backslash begins no escape that JSON knows.'
          : 'A control character stands in a text.',
      )
    at = escape
  }
}

function skip(text: string, at: number): number {
  return match(SPACE, text, at) ?? at
}

function match(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : null
}

function shown(text: string, at: number): string {
  const char = text.codePointAt(at)
  return char === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(char))
}
