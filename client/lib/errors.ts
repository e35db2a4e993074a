/** One translator from what went wrong in a call to words a person can act on. Raw server text never gets through. */
import { z } from 'zod/mini'
import { BUSY } from '../../server/domain/refusal.ts'
import type { ConfirmOutcome } from '../ui/confirm-store.ts'
import type { GridState } from '../ui/data-grid-types.ts'
import type { Problem } from '../ui/states.tsx'

const dataSchema = z.object({
  code: z.string(),
  refusal: z.catch(
    z.nullable(z.object({ code: z.string(), message: z.string(), hint: z.nullish(z.string()) })),
    null,
  ),
  requestId: z.catch(z.nullable(z.string()), null),
})

type CallErrorData = z.infer<typeof dataSchema>

/** The `data` our server puts into every tRPC error; null when the answer did not come from it (network, proxy). */
function errorData(error: unknown): CallErrorData | null {
  if (typeof error !== 'object' || error === null || !('data' in error)) return null
  const parsed = dataSchema.safeParse(error.data)
  return parsed.success ? parsed.data : null
}

/** tRPC's code of the error ("FORBIDDEN"), or null when there was no answer. */
export function codeOf(error: unknown): string | null {
  return errorData(error)?.code ?? null
}

/** The expected "no" in an error: code to switch on, sentence, hint. Null for everything else. */
export function refusalOf(
  error: unknown,
): { code: string; message: string; hint?: string | null | undefined } | null {
  return errorData(error)?.refusal ?? null
}

/** Whether nothing is known about the result: no answer, or an answer that is not ours. Never to be called a failure. */
export function isUnknownOutcome(error: unknown): boolean {
  const data = errorData(error)
  return data === null || UNKNOWN_CODES.has(data.code)
}

/** An act has several steps, and any but the first may be the one that found the server busy. */
const UNKNOWN_CODES: ReadonlySet<string> = new Set([
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
])

/** Words for a failed load. `what` is the thing in the plural or with its article: "transactions", "this order". */
export function toProblem(error: unknown, what: string): Problem {
  const data = errorData(error)
  const title = `We couldn't load ${what}.`
  if (!data) {
    return {
      title,
      message: navigator.onLine
        ? 'Paydesk did not answer. Try again in a moment.'
        : "You're offline. Reconnect, then try again.",
    }
  }
  const { requestId } = data
  if (data.code === 'UNAUTHORIZED') {
    return { title: 'You were signed out.', message: 'Sign in to continue.', requestId }
  }
  if (data.code === 'FORBIDDEN') {
    return {
      title: `You can't see ${what}.`,
      message: sentence(data) ?? 'Ask an admin for a role that includes it.',
      requestId,
    }
  }
  if (data.refusal) return { title: data.refusal.message, message: data.refusal.hint ?? '', requestId }
  if (data.code === 'SERVICE_UNAVAILABLE') return { title, message: BUSY, requestId }
  return { title, message: 'It is logged. Try again, and give the reference if it happens again.', requestId }
}

function sentence(data: CallErrorData): string | null {
  if (!data.refusal) return null
  return [data.refusal.message, data.refusal.hint].filter(Boolean).join(' ')
}

type QueryLike = {
  status: 'pending' | 'error' | 'success'
  error: unknown
  isFetching: boolean
  isPlaceholderData: boolean
  data: unknown
  refetch: () => Promise<unknown>
}

/** The grid's state for a query: rows that belong to another filter or failed to renew are shown dimmed. */
export function gridState(query: QueryLike, what: string): GridState {
  const hasRows = query.data !== undefined
  if (query.status === 'error') {
    if (codeOf(query.error) === 'FORBIDDEN') {
      const { title, message } = toProblem(query.error, what)
      return { kind: 'forbidden', title, hint: message }
    }
    if (hasRows) return { kind: 'refreshing', stale: true }
    return { kind: 'error', problem: toProblem(query.error, what), onRetry: () => void query.refetch() }
  }
  if (query.status === 'pending') return { kind: 'loading' }
  if (query.isPlaceholderData) return { kind: 'refreshing', stale: true }
  return query.isFetching ? { kind: 'refreshing' } : { kind: 'ready' }
}

const STALE: GridState = { kind: 'refreshing', stale: true }

/** Rows that are there, dimmed; a list without rows says what it says. */
export function dimmed(state: GridState, stale: boolean): GridState {
  return stale && (state.kind === 'ready' || state.kind === 'refreshing') ? STALE : state
}

/** Words for an act that was not done, or of which we do not know whether it was. */
export function toActProblem(error: unknown): { title: string; message: string } {
  const refusal = refusalOf(error)
  if (refusal?.code === 'step_up_needed')
    return { title: 'Nothing was done.', message: 'You did not confirm that it is you.' }
  if (refusal) return { title: refusal.message, message: refusal.hint ?? '' }
  if (codeOf(error) === 'UNAUTHORIZED')
    return { title: 'You were signed out.', message: 'Sign in to continue.' }
  if (!isUnknownOutcome(error)) {
    return { title: 'This was not done.', message: 'The request could not be understood. It is logged.' }
  }
  const reference = errorData(error)?.requestId
  return {
    title: "We don't know yet if this was done.",
    message: `The answer did not arrive. Look at the record before you try again.${reference ? ` Reference ${reference}.` : ''}`,
  }
}

/** The same under a field, where there is no room for a title. */
export function actProblemText(error: unknown): string {
  const { title, message } = toActProblem(error)
  return message === '' ? title : `${title} ${message}`
}

/** Runs the act of a confirm dialog and turns its error into the dialog's words. */
export async function outcomeOf(run: () => Promise<unknown>): Promise<ConfirmOutcome> {
  try {
    await run()
    return { kind: 'done' }
  } catch (error) {
    return { kind: 'refused', ...toActProblem(error) }
  }
}
