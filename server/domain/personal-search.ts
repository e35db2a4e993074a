/** Searches that name a person: by the email, phone number or UPI address of a customer (features.md, journey S1). */
import { maskEmail, maskPhone, MASK_TEXT } from './masked-text.ts'
import type { SearchQuery } from './search-query.ts'
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

function look(by: PersonalLook['by'], value: string): PersonalLook {
  const masked = by === 'phone' ? maskPhone(value) : value.includes('@') ? maskEmail(value) : null
  return { by, value: value.toLowerCase(), masked: masked ?? MASK_TEXT }
}
