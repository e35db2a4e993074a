/** What checks of several orders came to, as a toast says it: no answer is never told as "nothing changed". */
import type { inferOutput } from '@trpc/tanstack-react-query'
import { toast } from '../ui/toasts.tsx'
import { isAnswered } from './check-words.ts'
import type { useTRPC } from './trpc.ts'

type Api = ReturnType<typeof useTRPC>
export type CheckedOrder = Pick<inferOutput<Api['recon']['run']>[number], 'orderRef' | 'outcome' | 'status'>
export type CheckReport = { tone: 'success' | 'warning' | 'error'; title: string; message: string }

/**
 * A check that may have ended early: how many were to be asked about, and why the rest was not unless it was stopped.
 * `changed` more were selected, and left out because they changed since.
 */
export type Unfinished = {
  asked: number
  problem: { title: string; message: string } | null
  changed?: number
}
type Unanswered = Exclude<CheckedOrder['outcome'], 'changed' | 'no_change'>

/** Orders that are named; the rows of the list show the rest. */
const NAMED_MAX = 3

/** What came of the orders that got no answer, and what to do about it. */
const UNANSWERED: Readonly<Record<Unanswered, { what: string; next: string }>> = {
  unavailable: { what: 'got no usable answer from Juspay', next: 'Nothing changed there; check again.' },
  error: { what: 'could not be checked', next: 'Nothing changed there; check again.' },
  unauthorised: {
    what: 'got no answer because Juspay did not accept our API key',
    next: 'Tell an administrator.',
  },
  not_found: { what: 'unknown to Juspay', next: 'See Reconciliation.' },
  wrong_merchant: {
    what: 'answered as an order of another merchant',
    next: 'Nothing changed there; tell an administrator.',
  },
  no_such_order: { what: 'no longer here', next: 'Load the list again.' },
}

/** "Checked 3. 1 changed: ord_8F2K is now Charged."; below it, which orders got no answer and what to do. */
export function checkReport(
  results: readonly CheckedOrder[],
  { asked, problem, changed: leftOut = 0 }: Unfinished = { asked: results.length, problem: null },
): CheckReport {
  const answered = results.filter(isAnswered)
  const changed = answered.filter(({ outcome }) => outcome === 'changed')
  const wanted = asked + leftOut
  const of = answered.length < wanted ? ` of ${wanted}` : ''
  const what =
    answered.length === 0
      ? ''
      : changed.length === 0
        ? ' None changed.'
        : ` ${changed.length} changed: ${nameSome(changed.map(changeWords))}.`
  const kinds = Object.keys(UNANSWERED) as Unanswered[]
  const failures = kinds.flatMap((kind) => {
    const refs = results.filter(({ outcome }) => outcome === kind).map(refOf)
    const { what, next } = UNANSWERED[kind]
    return refs.length === 0 ? [] : [`${refs.length} ${what}: ${nameSome(refs)}. ${next}`]
  })
  if (results.length < asked) {
    const rest = asked - results.length
    failures.push(
      problem === null
        ? `${rest} not asked about: it was stopped.`
        : `${rest} got no answer: ${problem.title} ${problem.message}`.trim(),
    )
  }
  if (leftOut > 0)
    failures.push(`${leftOut} not asked about: changed since they were selected. Select them again to check.`)
  return {
    tone: of === '' ? 'success' : answered.length === 0 ? 'error' : 'warning',
    title: `Checked ${answered.length}${of}.${what}`,
    message: failures.join(' '),
  }
}

/** Tells what came of checking several orders; what got no answer stays until it is dismissed. */
export function tellChecked(results: readonly CheckedOrder[], unfinished?: Unfinished): void {
  const { tone, title, message } = checkReport(results, unfinished)
  if (tone === 'success') toast.success(title)
  else toast[tone](title, message)
}

const refOf = ({ orderRef }: CheckedOrder): string => orderRef ?? 'an order'

function changeWords(order: CheckedOrder): string {
  const { status } = order
  // Something else of it changed, like a refund.
  if (status === null || status.was === status.is) return refOf(order)
  return `${refOf(order)} is now ${status.is}`
}

/** "ord_1, ord_2, ord_3 and 4 more". */
export function nameSome(words: readonly string[]): string {
  const more = words.length - NAMED_MAX
  return `${words.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
