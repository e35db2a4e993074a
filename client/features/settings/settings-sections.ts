export const SETTINGS_SECTIONS = ['account', 'keys', 'policy', 'stops', 'notifications'] as const
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]

export const SETTINGS_SECTION_LABELS: Readonly<Record<SettingsSection, string>> = {
  account: 'Juspay account',
  keys: 'Keys',
  policy: 'Refund policy',
  stops: 'Stop refunds',
  notifications: 'Notifications',
}
