import { noteLateEvents } from '../services/orders/note-late-events.ts'
import type { Job } from './runner.ts'

/** Notes which gaps have closed by themselves: soon after the grace in which an event counts as overtaken. */
export const noteLateEventsJob: Job = {
  name: 'note-late-events',
  topic: null,
  everyMs: 15_000,
  drain: async (deps, signal) => {
    await noteLateEvents(deps, signal)
    return 0
  },
}
