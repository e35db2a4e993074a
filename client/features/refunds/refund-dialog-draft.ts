/**
 * What the refund form holds, kept in the tab's session storage until there is a final answer: a reload, a second
 * press or a lost connection finds the same key again, and the same key can never become two requests.
 */
import { z } from 'zod/mini'

const draftSchema = z.object({
  /** The idempotency key of this gesture, minted when the form opens. */
  clientKey: z.string().check(z.regex(/^[A-Za-z0-9_-]{16,64}$/)),
  /** As typed; null until something was typed. */
  amount: z.nullable(z.string()),
  /** The attempt that was chosen, where several were charged; null for the usual one. */
  txnRef: z._default(z.nullable(z.string()), null),
  reason: z.string(),
  note: z.string(),
  /** The request left this browser and no answer is known: ask by the key before anything else. */
  sent: z.boolean(),
})

export type RefundDraft = z.infer<typeof draftSchema>

const PREFIX = 'paydesk.refund.'
const keyOf = (orderId: string) => `${PREFIX}${orderId}`

/** The draft of this order, or a new one with a new key and the reason that is usual. */
export function openDraft(orderId: string, usualReason: string): RefundDraft {
  const kept = readDraft(orderId)
  if (kept) return kept
  const draft: RefundDraft = {
    clientKey: crypto.randomUUID(),
    amount: null,
    txnRef: null,
    reason: usualReason,
    note: '',
    sent: false,
  }
  saveDraft(orderId, draft)
  return draft
}

function readDraft(orderId: string): RefundDraft | null {
  try {
    const parsed = draftSchema.safeParse(JSON.parse(sessionStorage.getItem(keyOf(orderId)) ?? 'null'))
    return parsed.success ? parsed.data : null
  } catch {
    // Storage is off or holds something else: the form lives in memory only.
    return null
  }
}

/** Keeps the draft. Where storage is off the server's own key check still stops a second press. */
export function saveDraft(orderId: string, draft: RefundDraft): void {
  try {
    sessionStorage.setItem(keyOf(orderId), JSON.stringify(draft))
  } catch {
    // Nothing is lost but the reload safety.
  }
}

/** Forgets the draft: the answer was seen, or the person discarded the form. */
export function dropDraft(orderId: string): void {
  try {
    sessionStorage.removeItem(keyOf(orderId))
  } catch {
    // It was never kept.
  }
}

/** Drafts of this tab that were sent and whose answer nobody has seen, by their order. */
export function lostDrafts(): { orderId: string; draft: RefundDraft }[] {
  try {
    return Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX))
      .flatMap((key) => {
        const orderId = key.slice(PREFIX.length)
        const draft = readDraft(orderId)
        return draft?.sent ? [{ orderId, draft }] : []
      })
  } catch {
    return []
  }
}
