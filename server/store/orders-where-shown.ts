/**
 * What an order must show of a value before somebody who may not see personal data finds it: what the mask leaves, or the
 * whole value, which they then know already. A part of what is masked would tell it letter by letter. These conditions
 * stand beside those that an index serves, and look at what that found.
 */
import { isPartOfNumber, WHOLE_DIGITS } from '../domain/personal-search.ts'
import { isUdfField, type PartField } from '../domain/search-fields.ts'
import { digitsOf, likeText, lower, type Mark } from './text-sql.ts'

/** An address or a number by its look, as `maskText` (masked-text.ts) finds them and rather more. */
const PERSONAL = `'[^[:space:]"<>&=,;:@]+(@|%40)[^[:space:]]+|[6-9][0-9]{4}[ -]?[0-9]{5}|[६-९][०-९]{9}'`

const without = (column: string): string => `regexp_replace(lower(${column}), ${PERSONAL}, '•', 'g')`

const PHONE = digitsOf('customer_phone')
/** Words of `search_text` (`searchTextOf`, order.ts) that are personal, whatever a text is made of. */
const NAMES = ['lower(customer_name)', 'lower(customer_email)']
/** A text without a digit is no part of these, and patterns are what costs of a million names. */
const NUMBERS = ['lower(customer_phone)', PHONE, `right(${PHONE}, ${WHOLE_DIGITS})`]

/** What is left of `search_text` for somebody who is shown masks. */
function shownText(text: string): string {
  const numbers = /\p{N}/u.test(text)
  const customerRef = `case when customer_ref ~ ${numbers ? PERSONAL : `'@|%40'`} then lower(customer_ref) end`
  return [...NAMES, ...(numbers ? NUMBERS : []), customerRef].reduce(
    (rest, word) => `replace(${rest}, ' ' || coalesce(${word}, '') || ' ', '  ')`,
    `(' ' || search_text || ' ')`,
  )
}

/**
 * The condition for a free text: the references of an order contain it, or it is the whole of what is masked. The first two
 * say again of columns what the third says of all words, since the planner has statistics of columns: what stands in most
 * references is shown of most orders.
 */
export function shownOrWhole(text: string, mark: Mark): string {
  const value = mark(lower(text))
  const pattern = part(text, mark)
  const words = `${shownText(text)} like ${pattern}
    or lower(customer_name) = ${value} or lower(customer_email) = ${value}`
  return `(${[
    `order_ref_key like ${pattern}`,
    shownRef(pattern),
    seldom(words, pattern),
    `lower(payer_vpa) = ${value}`,
    ...wholeNumber(text, mark),
  ].join(' or ')})`
}

/** Said with what found the order, whose rarity the planner knows: of those it is a small part again. */
function seldom(condition: string, pattern: string): string {
  return `(search_text like ${pattern} and (${condition}))`
}

/** Without regard to case by ILIKE: of the column itself, and not of its lower case, the planner has statistics. */
function shownRef(pattern: string): string {
  return `(customer_ref ilike ${pattern} and ${often(`customer_ref !~ ${PERSONAL}`)})`
}

/**
 * Shown as a rule, and for the planner of every second order. Others are left to its own estimate, which is one in two
 * hundred: thinking that every second one is shown, it would look for fifty on the way through a million.
 */
function often(condition: string): string {
  return `coalesce(${condition}, false)`
}

const HOST = /^@\p{L}[\p{L}\d.-]*$/u

/** Whether a text is the host of an address, or the beginning of one, which masks show. */
export function isHost(text: string): boolean {
  return HOST.test(text)
}

/** The condition for one value of a field; null where the field shows it anyway. */
export function shownPart(field: PartField, value: string, mark: Mark): string | null {
  switch (field) {
    case 'email':
    case 'vpa':
      // Hosts are shown.
      if (value.startsWith('@')) return null
      return `lower(${field === 'vpa' ? 'payer_vpa' : 'customer_email'}) = ${mark(lower(value))}`
    case 'phone':
      return isPartOfNumber(value) ? 'false' : null
    case 'name':
      return shownName(value, mark)
    case 'customer':
      return shownCustomer(value, mark)
    case 'note':
      return often(`exists (select 1 from order_note n where n.merchant_account_id = $1 and n.order_id = orders.id
        and n.struck_at is null and ${without('n.text')} like ${part(value, mark)})`)
    case 'error':
      return often(
        `${without(`coalesce(error_code, '') || ' ' || coalesce(error_message, '')`)} like ${part(value, mark)}`,
      )
    default:
      return isUdfField(field) ? often(`${without(`udf ->> '${field}'`)} like ${part(value, mark)}`) : null
  }
}

function wholeNumber(text: string, mark: Mark): string[] {
  const digits = text.replace(/\D/g, '').slice(-WHOLE_DIGITS)
  return digits.length < WHOLE_DIGITS ? [] : [`right(${PHONE}, ${WHOLE_DIGITS}) = ${mark(digits)}`]
}

function shownCustomer(value: string, mark: Mark): string | null {
  // A whole ID is known already.
  if (value.startsWith('=')) return null
  const begun = value.endsWith('*')
  const text = begun ? value.slice(0, -1) : value
  const pattern = begun ? mark(`${likeText(lower(text))}%`) : part(text, mark)
  return `(${shownName(text, mark)} or ${shownRef(pattern)})`
}

/** A name is masked: only whoever knows all of it finds by it. */
function shownName(name: string, mark: Mark): string {
  return seldom(`lower(customer_name) = ${mark(lower(name))}`, part(name, mark))
}

const part = (text: string, mark: Mark): string => mark(`%${likeText(lower(text))}%`)
