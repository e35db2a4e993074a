import { NARROW_EVERY_MS } from '../domain/roll-up.ts'
import { rollUpRates } from '../services/webhooks/roll-up-rates.ts'
import type { Job } from './runner.ts'

/** Counts events into slots; while there is old reception to catch up with, without a pause. */
export const rollUpRatesJob: Job = {
  name: 'roll-up-rates',
  topic: null,
  everyMs: NARROW_EVERY_MS,
  drain: rollUpRates,
}
