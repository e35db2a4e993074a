/** The messages of an order as the lists of the Raw tab offer them. Pure. */
import { formatTime, type TimeZoneChoice } from '../../ui/time-format.ts'
import type { OrderMessage } from './order-types.ts'

/** The choice to look at one message alone. */
export const NOTHING = 'nothing'

/** Webhooks, status answers and our record. */
export function messageChoices(
  messages: readonly OrderMessage[],
  zone: TimeZoneChoice,
): { value: string; label: string }[] {
  return [
    ...messages.map((message) => ({
      value: `${message.kind}:${message.id}`,
      label: `${message.kind === 'event' ? 'Webhook' : 'Status answer'} ${formatTime(message.at, 'list', zone)}${message.kind === 'event' ? ` ${message.name}` : ''}`,
    })),
    { value: 'record', label: 'Our record, as it is now' },
  ]
}

/**
 * What is looked at first: the message the address names, alone; else the newest webhook against the newest status
 * answer, or against our record when none was given.
 */
export function startingSides(
  messages: readonly OrderMessage[],
  wanted: string | undefined,
): { left: string; right: string } {
  if (wanted === 'record' || messages.some(({ kind, id }) => `${kind}:${id}` === wanted))
    return { left: wanted ?? 'record', right: NOTHING }
  const newest = (kind: OrderMessage['kind']) => messages.find((message) => message.kind === kind)?.id
  const [event, check] = [newest('event'), newest('check')]
  if (event === undefined)
    return {
      left: check === undefined ? 'record' : `check:${check}`,
      right: check === undefined ? NOTHING : 'record',
    }
  return { left: `event:${event}`, right: check === undefined ? 'record' : `check:${check}` }
}
