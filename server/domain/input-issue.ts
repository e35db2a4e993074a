/** What is wrong with an input, in a sentence a person can act on. The schema library's own words stay inside. */
import type { core } from 'zod/mini'

type Issue = core.$ZodIssue

/** Values of a closed set that are worth listing. */
const VALUES_MAX = 12
/** Longest part of the input that is repeated. */
const ECHO_MAX = 40

/** How a member of the input is called: in words for people, by its own key for programmers. */
export type Naming = 'words' | 'keys'

/** The first thing wrong with an input, as one sentence that names the field. */
export function inputIssueText(error: core.$ZodError, naming: Naming = 'words'): string {
  const [issue] = error.issues
  return issue
    ? `${fieldOf(issue.path, naming)} ${complaintOf(issue)}.`
    : 'The request could not be understood.'
}

/** `['selection', 3]` as "Selection, entry 4"; the empty path is the input itself. */
function fieldOf(path: readonly PropertyKey[], naming: Naming): string {
  const keys = path.filter((part) => typeof part === 'string')
  if (naming === 'keys') return path.length === 0 ? 'The body' : path.map(String).join('.')
  const key = keys.at(-1)
  if (key === undefined) return 'The request'
  const words = key
    .replace(/Minor$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  const name = words.charAt(0).toUpperCase() + words.slice(1)
  const last = path.at(-1)
  return typeof last === 'number' ? `${name}, entry ${last + 1},` : name
}

function complaintOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      // The library says what it received in its message only.
      return issue.message.endsWith('received undefined') ? 'is missing' : `must be ${kindOf(issue.expected)}`
    case 'too_big':
      return sizeComplaint(issue.origin, 'at most', issue.maximum)
    case 'too_small':
      return sizeComplaint(issue.origin, 'at least', issue.minimum)
    case 'invalid_format':
      return formatComplaint(issue)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `has a member that is not known here: ${issue.keys.join(', ').slice(0, ECHO_MAX)}`
    case 'invalid_value':
      return issue.values.length <= VALUES_MAX
        ? `must be one of ${issue.values.map(String).join(', ')}`
        : 'is not one of the known values'
    case 'custom':
      // Written by us, at the schema.
      return issue.message
    default:
      return 'is not usable'
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  bigint: 'a whole number of minor units',
  boolean: 'true or false',
  date: 'a time',
  array: 'a list',
  object: 'a set of named fields',
  null: 'empty',
}

function kindOf(expected: string): string {
  return KINDS[expected] ?? 'of another kind'
}

function sizeComplaint(origin: string, bound: 'at most' | 'at least', limit: number | bigint): string {
  if (origin === 'string') {
    if (bound === 'at least' && Number(limit) === 1) return 'is empty'
    return `must have ${bound} ${limit} ${Number(limit) === 1 ? 'character' : 'characters'}`
  }
  if (origin === 'array' || origin === 'set')
    return `must have ${bound} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`
  // Amounts: minor units would mislead a person.
  if (origin === 'bigint') return bound === 'at most' ? 'is too large' : 'is too small'
  if (origin === 'date') return bound === 'at most' ? 'is too late' : 'is too early'
  return `must be ${bound} ${limit}`
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'is not an ID of Paydesk',
  email: 'is not an email address',
  url: 'is not a web address',
}

function formatComplaint(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  // A pattern with words of ours beside it says them; the library's own words begin like this.
  if (issue.format === 'regex' && !issue.message.startsWith('Invalid')) return issue.message
  return FORMATS[issue.format] ?? 'is not in the right form'
}
