/**
 * The same question about an order has the same answer, while that is of use: a shop's server that repeats a call after
 * a time-out must not start a second payment page. Other words about the same order are a conflict, and say which.
 */
import { Refusal } from '../../domain/refusal.ts'
import { ORDER_FACTS, questionDifferences, type SdkQuestion } from '../../domain/sdk-question.ts'
import type { SdkAnswerKey, SdkAnswerKind, SdkAnswerRecord } from '../../store/sdk-answers.ts'
import type { AppDeps } from '../deps.ts'

type OnceDeps = Pick<AppDeps, 'store' | 'clock' | 'sdkVault'>

/** An answer as it goes to the shop, and until when it is worth giving again. */
export type FreshAnswer = { body: string; freshUntil: Date }

type Kept = { question: SdkQuestion; body: string | null }

/**
 * Answers `question`, by what is kept or by `make`, which runs outside any transaction. Two at the same moment may both
 * run it; both are given the answer that was kept first.
 * @throws Refusal `conflict` when the order was asked about in other words
 */
export async function answerOnce(
  deps: OnceDeps,
  key: SdkAnswerKey,
  question: SdkQuestion,
  make: () => Promise<FreshAnswer>,
): Promise<string> {
  const { store, clock, sdkVault } = deps
  const seal = (kept: Kept) => sdkVault.seal(JSON.stringify(kept))
  const open = (row: SdkAnswerRecord): Kept => JSON.parse(sdkVault.open(row.sealed))
  const keptAnswer = async (): Promise<string | null> => {
    const rows = await store.sdkAnswers.ofOrder(key.accountId, key.orderRef)
    for (const row of rows) demandSame(key.orderRef, open(row).question, question, row.kind === key.kind)
    const row = rows.find(({ kind }) => kind === key.kind)
    return row?.freshUntil && row.freshUntil > clock.now() ? open(row).body : null
  }

  await store.sdkAnswers.claim(key, seal({ question, body: null }), clock.now())
  const kept = await keptAnswer()
  if (kept !== null) return kept
  const made = await make().catch(async (error: unknown) => {
    // Juspay refused: there is no such order, and the shop may ask in other words.
    if (error instanceof Refusal && NOTHING_MADE.has(error.code)) await store.sdkAnswers.release(key)
    throw error
  })
  const at = { now: clock.now(), freshUntil: made.freshUntil }
  if (await store.sdkAnswers.settle(key, seal({ question, body: made.body }), at)) return made.body
  return (await keptAnswer()) ?? made.body
}

/** Refusals after which the order surely is as it was before. */
const NOTHING_MADE: ReadonlySet<string> = new Set([
  'provider_rejected',
  'provider_unauthorised',
  'not_found',
  'conflict',
  'invalid_input',
])

function demandSame(orderRef: string, before: SdkQuestion, now: SdkQuestion, isSameKind: boolean): void {
  const differs = questionDifferences(before, now, isSameKind ? undefined : ORDER_FACTS)
  if (differs.length === 0) return
  const hint = differs.includes('amount')
    ? ` To change the amount of an unpaid order, call /sdk/…/orders/${orderRef}/amount.`
    : ''
  throw new Refusal(
    'conflict',
    `order_id ${orderRef} was used before with other content (${differs.join(', ')}). Use a new order_id.${hint}`,
  )
}

/** The order's amount was changed with consent: what is asked from now on has the new one, and old answers are void. */
export async function restateAmount(
  deps: OnceDeps,
  order: { accountId: string; orderRef: string; amountMinor: bigint },
): Promise<void> {
  const rows = await deps.store.sdkAnswers.ofOrder(order.accountId, order.orderRef)
  for (const row of rows) {
    const { question }: Kept = JSON.parse(deps.sdkVault.open(row.sealed))
    const changed: Kept = { question: { ...question, amount_minor: String(order.amountMinor) }, body: null }
    const key = {
      accountId: order.accountId,
      orderRef: order.orderRef,
      kind: row.kind satisfies SdkAnswerKind,
    }
    await deps.store.sdkAnswers.restate(key, deps.sdkVault.seal(JSON.stringify(changed)))
  }
}
