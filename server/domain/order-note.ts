/** Notes of people on an order: their limits, who may change them, and whom a text names. Plain text, nothing else. */
import { Refusal } from './refusal.ts'

export const NOTE_MAX_LENGTH = 2_000
/** Notes of one order; more are a conversation that belongs elsewhere. */
export const NOTES_PER_ORDER = 200
/** People named in one note. */
export const MENTIONS_MAX = 20
/** An own note may be put right for this long; after that others have read it. */
export const NOTE_EDIT_MINUTES = 15
const NOTE_EDIT_MS = NOTE_EDIT_MINUTES * 60_000

/** The text as kept: no edges, line ends as one character. @throws Refusal `invalid_input` */
export function noteText(typed: string): string {
  const text = typed.replaceAll('\r\n', '\n').trim()
  if (text === '') throw new Refusal('invalid_input', 'Write something first.')
  if (text.length > NOTE_MAX_LENGTH)
    throw new Refusal(
      'invalid_input',
      `A note has at most ${NOTE_MAX_LENGTH.toLocaleString('en-IN')} characters.`,
    )
  return text
}

/** Until when the author may change the text. */
export function editableUntil(note: { at: Date }): Date {
  return new Date(note.at.getTime() + NOTE_EDIT_MS)
}

/** Why the author may not change the text any more; null when it may be. */
export function editBlock(note: { at: Date; struckAt: Date | null }, now: Date): string | null {
  if (note.struckAt !== null) return 'This note was taken back.'
  if (now <= editableUntil(note)) return null
  return `A note can be changed for ${NOTE_EDIT_MINUTES} minutes. Write another one.`
}

/** A part of a note's text: plain, or the name of a person of the account. */
export type NotePart = { text: string; userId: string | null }

type Named = { id: string; name: string }

/** A letter, mark or digit of any script: after one of these "@" begins no name, and a name does not end before one. */
const IN_WORD = /[\p{L}\p{M}\p{N}_]/u

/** The text with the names of people in it found: "@Asha Menon", the longest name that fits, without regard to case. */
export function noteParts(text: string, people: readonly Named[]): NotePart[] {
  const byLength = people.toSorted((a, b) => b.name.length - a.name.length)
  const parts: NotePart[] = []
  let from = 0
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const named = isInWord(text.charAt(at - 1))
      ? undefined
      : byLength.find((person) => startsWithName(text, at + 1, person.name))
    if (named === undefined) continue
    if (at > from) parts.push({ text: text.slice(from, at), userId: null })
    from = at + 1 + named.name.length
    parts.push({ text: text.slice(at, from), userId: named.id })
    at = from - 1
  }
  if (from < text.length) parts.push({ text: text.slice(from), userId: null })
  return parts
}

/** Ids of the people a text names, each once, in its order. @throws Refusal `invalid_input` when they are too many */
export function mentionsIn(text: string, people: readonly Named[]): string[] {
  const ids = noteParts(text, people).flatMap(({ userId }) => (userId === null ? [] : [userId]))
  const once = [...new Set(ids)]
  if (once.length > MENTIONS_MAX)
    throw new Refusal('invalid_input', `A note names at most ${MENTIONS_MAX} people.`)
  return once
}

function startsWithName(text: string, at: number, name: string): boolean {
  const found = text.slice(at, at + name.length)
  return found.toLowerCase() === name.toLowerCase() && name !== '' && !isInWord(text.charAt(at + name.length))
}

function isInWord(character: string): boolean {
  return character !== '' && IN_WORD.test(character)
}
