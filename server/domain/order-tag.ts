/** Tags of orders: short words, the same for everybody, by which people find orders again. */

export const TAG_MAX_LENGTH = 32
/** Tags of one order; more say nothing any more. */
export const TAGS_PER_ORDER = 20

/** Letters, marks and digits of any script, with dots, underscores and hyphens between them. */
const TAG = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u
/** A telephone number is personal, and a tag is not: it stands in addresses and is shown to every role. */
const TEN_DIGITS = /\d{10}/
/** Words of the filter language in the place of a value. */
const RESERVED: ReadonlySet<string> = new Set(['any', 'none'])

/** A tag as it is kept and compared, from what was typed: one case, no edges, a hyphen for spaces inside. */
export function tagForm(typed: string): string {
  return typed.normalize('NFC').toLowerCase().normalize('NFC').trim().replaceAll(/\s+/g, '-')
}

/** Why a text in {@link tagForm} is no tag; null when it is one. */
export function tagProblem(tag: string): string | null {
  if (tag === '') return 'Type a tag.'
  if (tag.length > TAG_MAX_LENGTH) return `A tag has at most ${TAG_MAX_LENGTH} characters.`
  if (!TAG.test(tag))
    return 'A tag is made of letters and digits, with dots, underscores and hyphens after the first.'
  if (TEN_DIGITS.test(tag)) return 'A tag has no ten digits in a row: telephone numbers belong into notes.'
  if (RESERVED.has(tag)) return `“${tag}” is a word of the filter. Take another one.`
  return null
}
