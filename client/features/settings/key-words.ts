import type { StatusRole } from '../../ui/status-role.ts'
import type { MerchantKey } from './settings-types.ts'

type Purpose = MerchantKey['purpose']

export const KEY_TITLES: Readonly<Record<Purpose, string>> = {
  payload: 'Signing keys',
  jwe: 'JWT keys',
}

export const KEY_LEADS: Readonly<Record<Purpose, string>> = {
  payload: 'They sign the payloads with which your app starts the payment page.',
  jwe: 'With one of them calls to Juspay are signed and encrypted instead of carrying the API key.',
}

/** Where the public half is pasted at Juspay. */
export const KEY_PLACES: Readonly<Record<Purpose, string>> = {
  payload: 'Juspay dashboard, Settings, Security, Public keys',
  jwe: 'Juspay dashboard, Settings, Security, JWT keys, Upload New JWT',
}

export const KEY_STATES: Readonly<
  Record<MerchantKey['state'], { label: string; role: StatusRole; says: string }>
> = {
  waiting: {
    label: 'Waiting for its ID',
    role: 'pending',
    says: 'Paste its public half into Juspay, then enter the ID.',
  },
  current: { label: 'In use', role: 'charged', says: 'Signs everything new.' },
  previous: {
    label: 'Still accepted',
    role: 'review',
    says: 'Retire it once no app has payloads signed by it.',
  },
  retired: { label: 'Retired', role: 'voided', says: 'Its private half is gone.' },
}

/** A fingerprint short enough to compare by eye. */
export function shortFingerprint(fingerprint: string): string {
  return `${fingerprint.slice(0, 8)}…${fingerprint.slice(-4)}`
}
