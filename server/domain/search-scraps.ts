/**
 * What a scrap of text may be: an id, a bank's reference, digits of a phone or card, a part of an address, an amount, a
 * time, or several of them at once ("4242 1.5L yesterday"), also beside clauses of the filter bar ("status:failed 4242").
 * Each reading is a filter in the language of that bar, so that what was found can be shown as a list; the likeliest
 * comes first.
 */
import { exponentOf, formatMoney } from './money.ts'
import { phoneDigits } from './phone.ts'
import { plainText } from './plain-text.ts'
import { parseSearchAmount, printSearchAmount } from './search-amount.ts'
import { METHOD_WORDS, PART_CHARS_MIN } from './search-fields.ts'
import { quoted } from './search-language.ts'
import { parseQuery, printQuery } from './search-query.ts'
import { spokenTimeIn, type SpokenTime } from './search-times.ts'

/** One way to read the text. */
export type Reading = {
  /** A filter that {@link parseQuery} reads. */
  q: string
  /** A time range for the list's control; `all` when the text names none. */
  t: string
  /** What was taken for what: "Phone ends 3210", "RRN or UTR". */
  label: string
  /** Whether it names one order. */
  exact: boolean
}

/** Readings tried at most: each costs a query. */
export const READINGS_MAX = 8
/** Of those, ids: a message full of numbers leaves room for what is read of the whole. */
const EXACT_MAX = 5
/** Above this many words a text is a message that somebody pasted: only what is unmistakable in it counts. */
const MESSAGE_WORDS = 7
/** The longest text that is looked at: a message, not a book. */
export const SCRAP_CHARS_MAX = 500

/** What one word may be. A lower `rank` is likelier. */
type Guess = { kind: string; clause: string; label: string; exact?: boolean; rank: number }

type Context = { currency: string; now: Date }

/** All readings of `text`, likeliest first; none for text that says nothing. */
export function readScraps(text: string, context: Context): Reading[] {
  return clauseReadings(text, context) ?? scrapReadings(text, context)
}

/**
 * Text with clauses in it, which narrow every reading of its other words; null without one. Of a message it is not said
 * that its colons mean clauses.
 */
function clauseReadings(text: string, context: Context): Reading[] | null {
  if (!text.includes(':') || wordsOf(text).length > MESSAGE_WORDS) return null
  const parsed = parseQuery(text.slice(0, SCRAP_CHARS_MAX), context)
  if (!parsed.ok) return null
  const clauses = printQuery({ ...parsed.query, text: null }, context)
  if (clauses === '' && parsed.time === null) return null
  const { time, query } = parsed
  const said = {
    q: clauses,
    t: time ?? 'all',
    label: `${clauses} ${time === null ? '' : `created:${time}`}`.trim(),
  }
  if (query.text === null) return [{ ...said, exact: false }]
  return scrapReadings(query.text, context)
    .map(({ q, t, label }) => ({
      q: `${clauses} ${q}`.trim(),
      t: t === 'all' ? said.t : t,
      label: `${said.label} + ${label}`,
      exact: false,
    }))
    .filter(({ q }) => parseQuery(q, context).ok)
}

function scrapReadings(text: string, { currency, now }: Context): Reading[] {
  const { time, rest } = splitTime(text, now)
  if (time === null && rest === '') return []
  const words = wordsOf(rest)
  const message = words.length > MESSAGE_WORDS
  const guesses = words.map((word) => guessesOf(word, currency)).map((all) => (message ? sure(all) : all))
  const readings = [
    ...guesses
      .flat()
      .filter(({ exact }) => exact)
      .toSorted((a, b) => a.rank - b.rank)
      .slice(0, EXACT_MAX)
      .map((guess) => readingOf([guess], null)),
    ...combinations(withNames(words, guesses, message), time),
  ]
  return [...new Map(readings.map((reading) => [`${reading.q} ${reading.t}`, reading])).values()].slice(
    0,
    READINGS_MAX,
  )
}

/** The time that a text names, and the text without the words for it. */
export function splitTime(text: string, now: Date): { time: SpokenTime | null; rest: string } {
  const whole = plainText(text.slice(0, SCRAP_CHARS_MAX))
    .replace(/["\s]+/g, ' ')
    .trim()
  const time = spokenTimeIn(whole, now)
  return { time, rest: time === null ? whole : whole.replace(time.words, ' ').replace(/\s+/g, ' ').trim() }
}

/** Words, with what belongs together put together: "1.5 lakh", "+91 98765 43210", a reference in groups of four. */
function wordsOf(text: string): string[] {
  const digits = text.replace(/[\s()-]/g, '')
  if (/^\+?\d{10,23}$/.test(digits) && /^[+\d][\d\s()-]*$/.test(text)) return [digits]
  return text
    .replace(/(?:₹|\brs\.?|\binr)\s*(?=\d)/gi, '₹')
    .replace(/(?<![\w.,₹])₹?(\d[\d,]*(?:\.\d+)?)(?:\s*\/-|\s*(?:rupees?|rs\.?|inr)(?=[\s,;.)]|$))/gi, '₹$1')
    .replace(/(\d)\s+(lakhs?|lacs?|crores?|cr|l)\b/gi, '$1$2')
    .replace(/(?:\babout|\baround|\bapprox(?:imately)?\.?|~)\s*(?=[₹\d])/gi, '~')
    .replace(/\bnet\s+banking\b/gi, 'netbanking')
    .replace(HIDDEN_START, '…')
    .split(/[\s,;]+(?=\D|$)|\s+/)
    .map((word) => ADDRESS.exec(word)?.[1] ?? word.replace(/^[("'‘’=]+|[)"'‘’.!?:;,]+$/g, ''))
    .filter(Boolean)
}

/** "+91 ••••• •3210", "**** **** 4242", "XX4242": how digits are shown whose first ones are hidden. */
const HIDDEN_START = /(?<!\w)(?:\+91\s*)?(?:[•·*]|\.{2}|x{2})(?:[•·*\s-]|\.{2}|x{2})*(?=\d{4}(?!\d))/gi
/** A page's address: what it is about stands last. */
const ADDRESS = /^https?:\/\/\S*\/([\w.-]+)\/?(?:[?#]\S*)?$/i

function sure(guesses: readonly Guess[]): Guess[] {
  return guesses.filter(({ rank, kind }) => rank <= SURE_RANK || kind === 'method')
}

const SURE_RANK = 3

function guessesOf(word: string, currency: string): Guess[] {
  // Hidden digits and "1.5L" would pass for ids, and nobody means one.
  if (HIDDEN.test(word) || HIDDEN_BUT_FOUR.test(word)) return digitGuesses(word)
  const unit = AMOUNT.exec(word)?.[4]
  return [
    ...(unit === undefined ? idGuesses(word) : []),
    ...addressGuesses(word),
    ...digitGuesses(word),
    ...amountGuesses(word, currency),
    ...wordGuesses(word),
  ].toSorted((a, b) => a.rank - b.rank)
}

const ID = /^[A-Za-z0-9][\w.-]*$/
const ATTEMPT = /^(?:([A-Za-z0-9_]+)-)?(.+)-\d{1,3}$/

/** An id names one thing, in any case; a transaction id holds the order's, between prefix and attempt (§3.5). */
function idGuesses(word: string): Guess[] {
  if (!ID.test(word) || !/\d/.test(word)) return []
  const one = (kind: string, clause: string, label: string, rank: number): Guess => ({
    kind,
    clause,
    label,
    exact: true,
    rank,
  })
  if (/^\d{12}$/.test(word))
    return [one('ref', `ref:${word}`, 'RRN or UTR', 1), one('order', `order:${word}`, 'Order ID', 2)]
  if (/^\d{23}$/.test(word)) return [one('ref', `ref:${word}`, 'ARN', 1)]
  if (/^evt_/i.test(word)) return [one('event', `event:${word}`, 'Event ID', 1)]
  const plain = /^\d+$/.test(word)
  const found = [one('order', `order:${word}`, 'Order ID', plain ? 4 : 2)]
  if (plain && word.length < REF_CHARS_MIN) return found
  found.push(one('ref', `ref:${word}`, /^ordeh_/i.test(word) ? 'Juspay ID' : 'Reference', plain ? 5 : 3))
  const attempt = ATTEMPT.exec(word)
  if (attempt) {
    const [, prefix, order = ''] = attempt
    const refs = prefix === undefined ? [order] : [`${prefix}-${order}`, order]
    found.push(one('order', `order:${refs.join(',')}`, 'Order of that transaction ID', 3))
  }
  return found
}

/** Shorter digits are no gateway's reference. */
const REF_CHARS_MIN = 6

function addressGuesses(word: string): Guess[] {
  const [name = '', host] = word.split('@', 2)
  if (host === undefined || word.length < PART_CHARS_MIN + 1 || !/^[\w.+-]*$/.test(name)) return []
  const email: Guess = { kind: 'who', clause: `email:${quoted(word)}`, label: `Email ${word}`, rank: 2 }
  const vpa: Guess = { kind: 'who', clause: `vpa:${quoted(word)}`, label: `UPI address ${word}`, rank: 3 }
  if (host.includes('.')) return [email]
  return name === '' || host !== ''
    ? [
        { ...vpa, rank: 2 },
        { ...email, rank: 3 },
      ]
    : [email, vpa]
}

const HIDDEN_BUT_FOUR = /^…(\d{4})$/
const HIDDEN = /^\+?(?:91)?(\d{1,6})(?:…|\.{2,}|\*+|x{2,}|•+)(\d{2,6})$/i

function digitGuesses(word: string): Guess[] {
  const hidden = HIDDEN.exec(word)
  if (hidden) {
    const [, head = '', tail = ''] = hidden
    const label = `Phone ${head}…${tail}`
    return [{ kind: 'phone', clause: `phone:${head}*${tail}`, label, rank: 1 }]
  }
  const four = HIDDEN_BUT_FOUR.exec(word)?.[1]
  if (four !== undefined) return lastFourGuesses(four, 4)
  const digits = phoneDigits(word)
  if (!/^\+?\d+$/.test(word)) return []
  if (/^[6-9]\d{9}$/.test(digits))
    return [{ kind: 'phone', clause: `phone:${digits}`, label: `Phone ${digits}`, rank: 2 }]
  if (digits.length < PART_CHARS_MIN || digits.length > 9 || word.startsWith('+')) return []
  const where = digits.length < PHONE_ANYWHERE ? 'ends' : 'has'
  if (digits.length === 4) return lastFourGuesses(digits, 5)
  return [{ kind: 'phone', clause: `phone:${digits}`, label: `Phone ${where} ${digits}`, rank: 5 }]
}

function lastFourGuesses(digits: string, rank: number): Guess[] {
  return [
    { kind: 'phone', clause: `phone:${digits}`, label: `Phone ends ${digits}`, rank },
    { kind: 'card', clause: `last4:${digits}`, label: `Card ··${digits}`, rank },
  ]
}

const PHONE_ANYWHERE = 6

const AMOUNT = /^(~)?(₹?)([\d,]+(?:\.\d+)?)(k|l|lakhs?|lacs?|cr|crores?)?$/i
/** "About 1,500" is within so many thousandths. */
const ABOUT_PER_MILLE = 15n
/** What is said in lakhs may be off by more. */
const SAID_PER_MILLE = 40n
const PLAIN_DIGITS_MAX = 7

function amountGuesses(word: string, currency: string): Guess[] {
  const match = AMOUNT.exec(word)
  if (match === null) return []
  const [, about, sign, number = '', unit = ''] = match
  const read = parseSearchAmount('amount', `${number}${unit.replace(/s$/i, '')}`, currency)
  if (!read.ok || read.value === 0n) return []
  const shown = formatMoney({ minor: read.value, currency })
  const marked = sign !== '' || unit !== '' || about !== undefined || /[.,]/.test(number)
  if (!marked && number.length > PLAIN_DIGITS_MAX) return []
  const rank = marked ? 2 : 4
  const clause = `amount:=${printSearchAmount(read.value, currency)}`
  const exactly: Guess = { kind: 'amount', clause, label: `Amount ${shown}`, rank }
  const nearly = (off: bigint, likely: number): Guess => {
    const unitMinor = 10n ** BigInt(exponentOf(currency))
    const [low, high] = [(read.value - off) / unitMinor, (read.value + off) / unitMinor + 1n]
    return { kind: 'amount', clause: `amount:${low}..${high}`, label: `Amount about ${shown}`, rank: likely }
  }
  if (about !== undefined) return [nearly((read.value * ABOUT_PER_MILLE) / 1_000n, rank)]
  // Whoever says "1.2 lakh" has rounded.
  return unit === '' ? [exactly] : [exactly, nearly((read.value * SAID_PER_MILLE) / 1_000n, rank + 1)]
}

const CARD_NETWORKS: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  rupay: 'RuPay',
}
const STATUS_WORDS = ['charged', 'failed', 'pending', 'refunded', 'disputed', 'voided']

function wordGuesses(word: string): Guess[] {
  const lower = word.toLowerCase()
  const method = METHOD_WORDS.find((one) => one === lower)
  if (method) return [{ kind: 'method', clause: `method:${method}`, label: `Paid by ${method}`, rank: 4 }]
  const network = CARD_NETWORKS[lower]
  if (network !== undefined)
    return [{ kind: 'network', clause: `network:${lower}`, label: `${network} card`, rank: 4 }]
  if (!STATUS_WORDS.includes(lower)) return []
  return [{ kind: 'status', clause: `status:${lower}`, label: lower, rank: 4 }]
}

/** Words around the facts, which say what those are and are in no order themselves. */
const ABOUT_FACTS: ReadonlySet<string> = new Set(
  'about amount amt approx around arn at by credit debit ending ends for from id mobile no number of on order paid payment phone ref reference rrn transaction txn utr via'.split(
    ' ',
  ),
)

/** Words that are nothing else become a part of a name, those that stand together as one. A message has no names. */
function withNames(words: readonly string[], guesses: readonly Guess[][], message: boolean): Guess[][] {
  const all: Guess[][] = []
  const known = guesses.some((found) => found.length > 0)
  let name: string[] = []
  const close = (): void => {
    const text = name.join(' ')
    name = []
    if (message || text.length < PART_CHARS_MIN) return
    const label = all.length === 0 && words.length > 1 ? `Name or text ${text}` : `Text ${text}`
    all.push([{ kind: 'text', clause: `"${text}"`, label, rank: 6 }])
  }
  for (const [i, word] of words.entries()) {
    const found = guesses[i] ?? []
    // An id alone is also a part of one.
    const only = found.length > 0 && found.every(({ exact }) => exact)
    if (found.length === 0 && known && ABOUT_FACTS.has(word.toLowerCase())) continue
    if (found.length === 0 || (only && !message)) name.push(word)
    else {
      close()
      all.push(found.filter(({ exact }) => !exact))
    }
  }
  close()
  return all.filter((one) => one.length > 0)
}

/** Every choice of one guess a word, each kind once, likeliest first. */
function combinations(guesses: readonly Guess[][], time: SpokenTime | null): Reading[] {
  let chosen: Guess[][] = [[]]
  for (const options of guesses)
    chosen = chosen
      .flatMap((before) =>
        options
          .filter(({ kind }) => before.every((other) => other.kind !== kind))
          .map((guess) => [...before, guess]),
      )
      .slice(0, COMBINED_MAX)
  const weight = (all: readonly Guess[]): number => all.reduce((sum, { rank }) => sum + rank, 0)
  return chosen
    .filter((all) => all.length > 0 || time !== null)
    .toSorted((a, b) => weight(a) - weight(b))
    .map((all) => readingOf(all, time))
}

const COMBINED_MAX = 32

function readingOf(guesses: readonly Guess[], time: SpokenTime | null): Reading {
  const labels = [...guesses.map(({ label }) => label), ...(time === null ? [] : [time.label])]
  return {
    q: guesses.map(({ clause }) => clause).join(' '),
    t: time?.range ?? 'all',
    label: labels.join(' + '),
    exact: guesses.length === 1 && guesses[0]?.exact === true,
  }
}
