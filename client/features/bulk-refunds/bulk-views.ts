/** Which rows of a batch its page shows; `auto` is what needs a look first. */
export const BULK_VIEWS = [
  'auto',
  'all',
  'ready',
  'errors',
  'warnings',
  'dropped',
  'failed',
  'review',
  'unknown',
  'waiting',
] as const
export type BulkView = (typeof BULK_VIEWS)[number]
