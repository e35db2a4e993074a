/** What is typed or pasted, without what nobody sees in it: signs that only arrange text, and other forms of one sign. */

/** Zero width, soft hyphens, and the marks of the writing direction that apps put around a copied number. */
const UNSEEN = /[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g
/** Joiners shape letters of Indian scripts, at the end of a word too; beside Latin letters and digits they are nothing. */
const JOINERS = /(?<!\P{ASCII})[\u200C\u200D]+|[\u200C\u200D]+(?=[a-z0-9])/giu
const DASH = /(?<=\w)[\u2010-\u2015\u2212](?=\w)/g
const QUOTES = /[“”„«»]/g
/** Digits of Indian scripts, each of which has its zero at …66 or …E6, and those as wide as a letter. */
const DIGIT =
  /[\u0966-\u096F\u09E6-\u09EF\u0A66-\u0A6F\u0AE6-\u0AEF\u0B66-\u0B6F\u0BE6-\u0BEF\u0C66-\u0C6F\u0CE6-\u0CEF\u0D66-\u0D6F\uFF10-\uFF19]/g
const WIDE_ZERO = 0xff10
const INDIAN_ZERO = 6

/** The text as a keyboard would have written it. Words and spaces stay as they are. */
export function plainText(text: string): string {
  return text
    .replace(UNSEEN, '')
    .replace(QUOTES, '"')
    .replace(DIGIT, (digit) => {
      const code = digit.charCodeAt(0)
      return String(code >= WIDE_ZERO ? code - WIDE_ZERO : (code % 16) - INDIAN_ZERO)
    })
    .replace(JOINERS, '')
    .replace(DASH, '-')
}
