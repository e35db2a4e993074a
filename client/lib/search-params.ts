/**
 * What stands in an address, as schemas of its parts (design §3.1). An address is typed, cut off and kept for years: a
 * part that cannot be read counts as not there, which is said (ignored-parts.ts), and is never a reason for a page not to
 * open.
 */
import { z } from 'zod/mini'
import { canonicalTimeRange } from '../../server/domain/time-range.ts'

/** A word of a closed set, or the usual one. */
export function oneOf<const Word extends string>(words: readonly Word[], usual: Word) {
  const known = z.enum<readonly Word[]>(words)
  return z.catch(z._default(known, usual), usual)
}

/** What was typed into a field of the page. An address gives digits alone as a number. */
export function typed(charsMax: number, usual = '') {
  return z.catch(z._default(z.coerce.string().check(z.maxLength(charsMax)), usual), usual)
}

/** The range of the time control, or the usual one: the control names what the list shows. */
export function timeRange(usual: string) {
  const known = z.pipe(
    z.string(),
    z.transform((text) => canonicalTimeRange(text) ?? usual),
  )
  return z.catch(z._default(known, usual), usual)
}

/** A part that may be missing. */
export function maybe<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.catch(z.optional(schema), undefined)
}
