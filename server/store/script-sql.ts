/** Texts in scripts other than Latin, whose letters the trigrams of a database may not know. */
import type { Mark } from './text-sql.ts'

const BEYOND_ASCII = /[\u0080-\u{10ffff}]/u
const TRIGRAM_CHARS = 3
/** What has a trigram in every database. */
const TELLING_WORD = /[a-z0-9]{3}/

/** Word for word as `orders_script_idx` has them. */
const TRIGRAMS = `trigrams_beyond_ascii(search_text || ' ' || coalesce(lower(payer_vpa), ''))`
const HAS_OTHERS = `(octet_length(search_text) > char_length(search_text) or octet_length(payer_vpa) > char_length(payer_vpa))`

/**
 * A condition that holds for every order whose searched texts contain this one, and for few others; null where the text
 * has nothing that `orders_script_idx` would be needed for. What has no space is in one word of an order, and the index
 * has every trigram of a word with another letter. The planner takes each for as rare again as the one before, so one
 * is asked for of each word, which are.
 *
 * @param text in lower case
 */
export function inOtherScript(text: string, mark: Mark): string | null {
  const words = text.split(' ').filter((word) => BEYOND_ASCII.test(word))
  const trigrams = words
    .map((word) => Array.from(word))
    .filter((letters) => letters.length >= TRIGRAM_CHARS)
    .map((letters) => letters.slice(0, TRIGRAM_CHARS).join(''))
  // Without a trigram in either index, the few orders that have other letters at all are better than all orders.
  if (words.length === 0 || (trigrams.length === 0 && TELLING_WORD.test(text))) return null
  return `${HAS_OTHERS} and ${TRIGRAMS} @> ${mark(trigrams)}::text[]`
}
