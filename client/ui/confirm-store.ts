import type { ReactNode } from 'react'
import type { Fact } from './fact-list.tsx'

/** What the confirmed act came to. `refused` is shown in the dialog, which stays open with everything typed. */
export type ConfirmOutcome = { kind: 'done' } | { kind: 'refused'; title: string; message: string }

export type ConfirmRequest = {
  /** A question naming act and object: "Refund ₹2,500.00 to S. Iyer?" */
  title: string
  facts?: readonly Fact[]
  /** "What happens next", at most three lines. */
  next?: readonly string[]
  note?: ReactNode
  /** Label of a reason that has to be given ("Why reject it"). */
  requireReason?: string
  /** Text that has to be typed to go on. */
  requireTyped?: string
  /** `danger` only for acts that remove access or cannot be reversed and are not everyday work. */
  tone?: 'accent' | 'danger'
  /** Repeats the verb and amount: "Refund ₹2,500.00". */
  verb: string
  run: (input: { reason: string }) => Promise<ConfirmOutcome>
}

export type OpenConfirm = ConfirmRequest & { settle: (done: boolean) => void }

let open: OpenConfirm | null = null
const listeners = new Set<() => void>()

function change(next: OpenConfirm | null): void {
  open = next
  for (const listener of listeners) listener()
}

/** Asks and runs. Resolves true when `run` answered done, false when the person cancelled. */
export function confirm(request: ConfirmRequest): Promise<boolean> {
  return new Promise((resolve) => {
    open?.settle(false)
    const asked: OpenConfirm = {
      ...request,
      settle: (done) => {
        // An answer that comes late is none to the question that is open by then.
        if (open === asked) change(null)
        resolve(done)
      },
    }
    change(asked)
  })
}

/** Takes the question away unanswered: whom it was put to has left. */
export function dropConfirm(): void {
  open?.settle(false)
}

export function openConfirm(): OpenConfirm | null {
  return open
}

export function onConfirmChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
