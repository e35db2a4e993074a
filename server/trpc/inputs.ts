/** Shapes that inputs share. Only strict scalars get in: an object from a browser never becomes part of a query. */
import { z } from 'zod'
import { AMOUNT_MINOR_MAX } from '../domain/money.ts'
import { plainText } from '../domain/plain-text.ts'
import { QUERY_CHARS_MAX } from '../domain/search-query.ts'
import { timeRangeOf } from '../domain/time-range.ts'

/** Rows on one page at most. */
export const PAGE_MAX = 100
/** Things that one call may act on at most. */
export const SELECTION_MAX = 200

const TEXT_MAX = 200
const NOTE_MAX = 1_000
const CURSOR_MAX = 500

/** Any 128 bits in the notation of a UUID: an event's id is a hash and carries no version. */
export const id = z.guid()
export const cursor = z.string().max(CURSOR_MAX).nullable().default(null)
export const limit = z.int().min(1).max(PAGE_MAX).default(50)
/** What a person typed into a search field. */
export const searchText = z.string().max(TEXT_MAX).transform(plainText).default('')
/** A time range in the notation of the address (`time-range.ts`). */
export const timeRange = z
  .string()
  .max(TEXT_MAX)
  .refine((text) => timeRangeOf(text, new Date(0)) !== null, 'is not a time range')
/** A filter in the language of the filter bar. */
export const queryText = z.string().max(QUERY_CHARS_MAX).default('')
export const word = z.string().min(1).max(TEXT_MAX)
export const words = z.array(word).max(50).default([])
export const note = z.string().max(NOTE_MAX).nullable().default(null)
export const amountMinor = z.bigint().min(1n).max(AMOUNT_MINOR_MAX)
export const instant = z.date().nullable().default(null)
export const selection = z.array(id).min(1).max(SELECTION_MAX)
export const side = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['event', 'check']), id }),
  z.strictObject({ kind: z.literal('record') }),
])
