import type { StatusRole } from '../../ui/status-role.ts'
import type { IntegrationStep, SilentSwitch } from './integration-types.ts'

/** The parties, in the order of their lanes. */
export const PARTIES: readonly { id: IntegrationStep['from']; label: string }[] = [
  { id: 'page', label: 'Shop’s page' },
  { id: 'server', label: 'Paydesk' },
  { id: 'juspay', label: 'Juspay' },
]

export const STEP_STATES: Readonly<Record<IntegrationStep['state'], readonly [StatusRole, string]>> = {
  proved: ['charged', 'Verified'],
  failing: ['failed', 'Fails'],
  missing: ['pending', 'Not seen yet'],
}

export const SWITCH_STATES: Readonly<Record<SilentSwitch['state'], readonly [StatusRole, string]>> = {
  on: ['charged', 'On'],
  off: ['failed', 'Off'],
  unknown: ['unknown', 'Not known'],
  note: ['voided', 'Either way'],
}

/** "7 of 9 steps were seen to work." */
export function headline(steps: readonly IntegrationStep[]): { done: boolean; text: string } {
  const proved = steps.filter(({ state }) => state === 'proved').length
  const failing = steps.filter(({ state }) => state === 'failing').length
  if (proved === steps.length) return { done: true, text: 'Every step was seen to work.' }
  const fails = failing === 0 ? '' : failing === 1 ? ' One fails.' : ` ${failing} fail.`
  return { done: false, text: `${proved} of ${steps.length} steps were seen to work.${fails}` }
}

/** "Paydesk to Juspay". */
export function wayOf({ from, to }: Pick<IntegrationStep, 'from' | 'to'>): string {
  const label = (id: IntegrationStep['from']) => PARTIES.find((party) => party.id === id)?.label ?? id
  return `${label(from)} to ${label(to)}`
}
