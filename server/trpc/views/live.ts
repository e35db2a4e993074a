/** What the live feed tells a page. */
import type { EventRowView } from './event.ts'

/** An id that changed; it carries no state. */
export type LiveChange = { subject: string; subjectId: string; at: Date }

/** What happened since the message before. Apply `changes` first: rows are newer than any answer asked for before. */
export type LiveBatch = {
  kind: 'batch'
  /** Events that arrived, or arrived once more; only for a stream that asked for events. */
  events: readonly EventRowView[]
  /** Events that were processed or processed again, as they are now. */
  renewed: readonly EventRowView[]
  /** Each id once. */
  changes: readonly LiveChange[]
}

export type LiveMessage =
  /** The first message. `resumed` is false when the stream begins with what commits from now on. */
  | { kind: 'hello'; at: Date; resumed: boolean }
  | LiveBatch
  /** From here on one event row in `oneIn` is sent; 1 is all of them. */
  | { kind: 'pace'; oneIn: number; perSecond: number }
  /** About so many items are still to come from before; 0 when the stream has caught up. */
  | { kind: 'behind'; about: number }
