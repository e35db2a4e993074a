/** A filter of orders as it travels, and what a search that takes too long is told. */
import { z } from 'zod'
import { Refusal } from '../domain/refusal.ts'
import { isTimeout } from '../store/database.ts'
import { instant, queryText } from './inputs.ts'

/** Text of the filter bar and the instants of the time control. */
export const orderFilterInput = z.strictObject({ q: queryText, from: instant, to: instant })

export type OrderFilterInput = z.infer<typeof orderFilterInput>

/**
 * Waits for a search.
 * @throws Refusal `limit_exceeded` when the database stopped it because it took too long
 */
export async function searching<T>(search: Promise<T>): Promise<T> {
  try {
    return await search
  } catch (error) {
    if (!isTimeout(error)) throw error
    throw new Refusal(
      'limit_exceeded',
      'This filter has to look through too many orders.',
      'Narrow the time range, or add a status, a gateway or an ID.',
    )
  }
}
