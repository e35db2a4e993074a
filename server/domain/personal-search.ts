/** Searches that name a person: by the email, phone number or UPI address of a customer (features.md, journey S1). */
import { maskEmail, maskName, maskPhone, MASK_TEXT } from './masked-text.ts'
import { parseQuery, printQuery, type ListFilter, type SearchQuery } from './search-query.ts'
import { shapeOf } from './search-words.ts'

/** What was looked for, and by what. `masked` is all that may be kept of it. */
export type PersonalLook = { by: 'email' | 'phone' | 'vpa'; value: string; masked: string }

const FIELDS = ['email', 'phone', 'vpa'] as const

/** The people that a filter of orders names, by field or in its text; leaving somebody out names them too. */
export function personalLooks({ lists, text, notText }: SearchQuery): PersonalLook[] {
  const byField = FIELDS.flatMap((by) => {
    const { wanted = [], unwanted = [] } = lists[by] ?? {}
    return [...wanted, ...unwanted].map((value) => look(by, value))
  })
  const texts = text === null ? notText : [text, ...notText]
  return [...byField, ...texts.flatMap(personalLooksIn)]
}

/** The people that a free text names: a whole phone number, and every word with an @ in it. */
export function personalLooksIn(text: string): PersonalLook[] {
  const shape = shapeOf(text)
  if (shape?.field === 'phone') return [look('phone', shape.value)]
  return text
    .split(/[\s,;"]+/)
    .filter((word) => word.includes('@') && word.length > 1)
    .map((word) => look(/@[^@]*\./.test(word) ? 'email' : 'vpa', word))
}

/** Last digits of a number that its mask shows. */
const SHOWN_DIGITS = 4
/** Digits of a whole number, without its country. */
export const WHOLE_DIGITS = 10

/** The field by a part of which a filter looks for a person, beyond what the mask of it shows; null for none. */
export function partialLook({ lists }: SearchQuery): PersonalLook['by'] | null {
  const isPart = (by: PersonalLook['by']): boolean => {
    const { wanted = [], unwanted = [] } = lists[by] ?? {}
    return [...wanted, ...unwanted].some((value) =>
      by === 'phone' ? isPartOfNumber(value) : !isWhole(by, value),
    )
  }
  return FIELDS.find(isPart) ?? null
}

function isWhole(by: 'email' | 'vpa', value: string): boolean {
  return value.startsWith('@') || (by === 'email' ? /^[^@]+@[^@]+\.[^@.]+$/ : /^[^@]+@[^@]+$/).test(value)
}

/** Whether digits are neither a whole number nor what a mask shows of one. */
export function isPartOfNumber(value: string): boolean {
  const [head = '', tail] = value.split('*')
  if (tail === undefined) return head.length > SHOWN_DIGITS && head.length < WHOLE_DIGITS
  return head !== '' || tail.length > SHOWN_DIGITS
}

/**
 * A filter of orders as the audit log may keep it, which nobody can erase: whomever it names is masked. One that cannot
 * be read could name anybody.
 */
export function loggedFilter(q: string, { currency }: { currency: string }): string {
  const parsed = parseQuery(q, { currency })
  if (!parsed.ok) return MASK_TEXT
  const { query, time } = parsed
  if (personalLooks(query).length === 0 && query.lists.name === undefined) return q
  const lists = { ...query.lists }
  for (const by of FIELDS) if (lists[by] !== undefined) lists[by] = maskedList(by, lists[by])
  if (lists.name !== undefined) lists.name = maskedBy(lists.name, (name) => maskName(name) ?? MASK_TEXT)
  const text = query.text === null ? null : maskedText(query.text)
  const masked = printQuery({ ...query, lists, text, notText: query.notText.map(maskedText) }, { currency })
  return time === null ? masked : `${masked} created:${time}`
}

function maskedList(by: PersonalLook['by'], list: ListFilter): ListFilter {
  return maskedBy(list, (value) => look(by, value).masked)
}

function maskedBy(list: ListFilter, mask: (value: string) => string): ListFilter {
  return { ...list, wanted: list.wanted.map(mask), unwanted: list.unwanted.map(mask) }
}

function maskedText(text: string): string {
  const looks = personalLooksIn(text)
  return looks.length === 0 ? text : looks.map(({ masked }) => masked).join(' ')
}

function look(by: PersonalLook['by'], value: string): PersonalLook {
  const masked = by === 'phone' ? maskPhone(value) : value.includes('@') ? maskEmail(value) : null
  return { by, value: value.toLowerCase(), masked: masked ?? MASK_TEXT }
}
