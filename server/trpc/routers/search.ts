/** The one box: whatever somebody has of a payment, and the records it leads to (design §3.3, §3.8, journey S1). */
import { z } from 'zod'
import { roleCan, type Role } from '../../domain/permission.ts'
import { plainText } from '../../domain/plain-text.ts'
import { partialLook, personalLooks, personalLooksIn } from '../../domain/personal-search.ts'
import { parseQuery } from '../../domain/search-query.ts'
import { readScraps, SCRAP_CHARS_MAX, splitTime, type Reading } from '../../domain/search-scraps.ts'
import { askForOrder, type Learned } from '../../services/orders/learn-order.ts'
import { notePersonalSearch } from '../../services/orders/note-personal-search.ts'
import { orderFilterOf } from '../../services/orders/order-filter.ts'
import { procedure, router } from '../init.ts'
import { searching } from '../order-filter.ts'
import { timeRangeOf } from '../../domain/time-range.ts'
import {
  foundBatchView,
  foundEventView,
  foundOrderView,
  foundPersonView,
  foundRefundView,
  foundRequestView,
  type FoundView,
} from '../views/found.ts'

/** Results of each kind at most: more ask for one more fact. */
const FOUND_MAX = 50
/** Words of a text that are looked up as ids. */
const WORDS_MAX = 8
/** Shorter text would be a part of half of all names. */
const NAME_CHARS_MIN = 2

/** What an order id at Juspay may look like (API reference §3.1), and what is worth a call. */
const ORDER_ID = /^[A-Za-z0-9][\w.-]{2,63}$/

/** The id in a text that Juspay could be asked for: one word with a digit in it, that is no bare number of a few digits. */
function askableId(text: string): string | null {
  const id = text.trim()
  return ORDER_ID.test(id) && /\d/.test(id) && !/^\d{1,5}$/.test(id) ? id : null
}

/** Whether a reading of a text is one that the role may search by; a part of a number may still be one of an id. */
function mayLookFor(q: string, { role, currency }: { role: Role; currency: string }): boolean {
  if (roleCan(role, 'order:pii')) return true
  const parsed = parseQuery(q, { currency })
  return parsed.ok && partialLook(parsed.query) === null
}

export const searchRouter = router({
  /** Everything the text may mean. Exact ids first; each order says what it matched. */
  find: procedure('order:read')
    .input(
      z.strictObject({
        text: z.string().max(SCRAP_CHARS_MAX).transform(plainText),
        /** `@`: people only. */
        people: z.boolean().default(false),
        limit: z.int().min(1).max(FOUND_MAX).default(6),
      }),
    )
    .query(async ({ ctx, input: { text, people, limit } }): Promise<FoundView> => {
      const { signedIn, deps } = ctx
      const { accountId, role, currency } = signedIn
      const { orders, records } = deps.store
      const now = deps.clock.now()
      const readings = people
        ? []
        : readScraps(text, { currency, now }).filter(({ q }) => mayLookFor(q, signedIn))
      const filters = readings.map(({ q, t }: Reading) => {
        const range = timeRangeOf(t, now) ?? { from: null, to: null }
        return orderFilterOf({ q, ...range }, signedIn, now)
      })
      // What a reading looks for counts as in the filter bar, and also what was typed whole.
      const lookedFor = [...personalLooksIn(text), ...filters.flatMap(({ query }) => personalLooks(query))]
      if (!people) await notePersonalSearch(deps, signedIn, lookedFor)
      const name = text.trim()
      const words = [...new Set(name.split(/[\s,;]+/))].filter(Boolean).slice(0, WORDS_MAX)
      const named = name.length >= NAME_CHARS_MIN
      const none = Promise.resolve([])
      const [found, refunds, events, requests, batches, persons] = await searching(
        Promise.all([
          orders.findAny(accountId, filters, limit),
          people ? none : records.refunds(accountId, words, limit),
          people || !roleCan(role, 'event:read') ? none : records.events(accountId, words, limit),
          people ? none : records.requests(accountId, words, limit),
          people || !named ? none : records.batches(accountId, name, limit),
          named && roleCan(role, 'user:manage') ? records.people(accountId, name, limit) : none,
        ]),
      )
      const labels = readings.map(({ label }) => label)
      const exact = readings.flatMap((reading, place) => (reading.exact ? [place] : []))
      const isKnown = found.some(({ by }) => by.some((place) => exact.includes(place)))
      const { time, rest } = splitTime(text, now)
      return {
        within: time === null || people ? null : { label: time.label, rest },
        readings: readings.map(({ q, t, label }) => ({ q, t, label })),
        orders: found.map((one) => foundOrderView(one, labels, { now, role })),
        refunds: refunds.map(foundRefundView),
        events: events.map(foundEventView),
        requests: requests.map(foundRequestView),
        batches: batches.map(foundBatchView),
        people: persons.map(foundPersonView),
        ask: isKnown || refunds.length + events.length > 0 || people ? null : askableId(text),
      }
    }),

  /** Asks Juspay for an order that is not here. */
  askJuspay: procedure('order:sync')
    .input(z.strictObject({ orderRef: z.string().regex(ORDER_ID) }))
    .mutation(({ ctx, input }): Promise<Learned> => askForOrder(ctx.deps, ctx.signedIn, input)),
})
