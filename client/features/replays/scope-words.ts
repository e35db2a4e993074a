import { z } from 'zod/mini'
import { FAILURE_REASONS, REASON_LABELS } from '../../../server/domain/event-failure.ts'
import { eventsText } from '../../lib/replay-words.ts'

const filter = z.object({
  kind: z.literal('filter'),
  among: z.enum(['open', 'set_aside', 'any']),
  reasons: z.array(z.enum(FAILURE_REASONS)),
  statuses: z.array(z.string()),
  outcomes: z.array(z.string()),
  names: z.array(z.string()),
  orderRef: z.nullable(z.string()),
  from: z.nullable(z.iso.datetime()),
  to: z.nullable(z.iso.datetime()),
})

const scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('events'), ids: z.array(z.string()) }),
  filter,
])

const AMONG = { open: 'All that needed a look', set_aside: 'All that were ignored', any: 'All' } as const

/** Which events a replay is about, as it was asked for. */
export function scopeText(stored: unknown): string {
  const parsed = scope.safeParse(stored)
  if (!parsed.success) return 'Chosen events'
  const { data } = parsed
  if (data.kind === 'events') return `${eventsText(data.ids.length)} chosen one by one`
  const parts = [
    data.reasons.length > 0
      ? `reason ${data.reasons.map((reason) => REASON_LABELS[reason]).join(' or ')}`
      : null,
    data.statuses.length > 0 ? `status ${data.statuses.join(' or ')}` : null,
    data.outcomes.length > 0 ? `outcome ${data.outcomes.join(' or ')}` : null,
    data.names.length > 0 ? `event ${data.names.join(' or ')}` : null,
    data.orderRef === null ? null : `order ${data.orderRef}`,
    data.from === null ? null : `from ${data.from}`,
    data.to === null ? null : `to ${data.to}`,
  ].filter((part) => part !== null)
  return [AMONG[data.among], ...parts].join(', ')
}
