import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonProblem } from '../../server/domain/json-problem.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('agrees with JSON.parse on what is JSON', () => {
  it('for whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => (jsonProblem(text) === null) === isJson(text)),
    )
  })

  it('for JSON, and for JSON with one character changed', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (text, place, char) => {
        expect(jsonProblem(text)).toBeNull()
        const at = place % text.length
        const broken = `${text.slice(0, at)}${char}${text.slice(at + 1)}`
        expect(jsonProblem(broken) === null).toBe(isJson(broken))
      }),
    )
  })

  it('for a body that is very deep', () => {
    expect(jsonProblem('['.repeat(5_000) + ']'.repeat(5_000))).toBeNull()
    expect(jsonProblem('['.repeat(5_000))?.at).toBe(5_000)
  })
})

describe('says where and why', () => {
  it.each([
    ['{"a":1,}', 1, 8, 'Expected a name in quotes, found "}".'],
    ['{"a":1\n "b":2}', 2, 2, 'Expected a comma or "}", found "\\"".'],
    ['{"a":x}', 1, 6, 'Expected a value, found "x".'],
    ['{"a" 1}', 1, 6, 'Expected a colon after the name, found "1".'],
    ['["abc]', 1, 2, 'A text in quotes is not closed.'],
    ['["a\\qb"]', 1, 4, 'A backslash begins no escape that JSON knows.'],
    ['["a\tb"]', 1, 4, 'A control character stands in a text.'],
    ['{} x', 1, 4, 'Nothing may follow the value, but "x" does.'],
    ['[1', 1, 3, 'Expected a comma or "]", found the end.'],
    ['  ', 1, 3, 'The body is empty.'],
  ])('%j', (text, line, column, message) => {
    expect(jsonProblem(text)).toMatchObject({ line, column, message })
  })
})
