export const SETTINGS_SECTIONS = ['account', 'policy', 'stops'] as const
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]

export const SETTINGS_SECTION_LABELS: Readonly<Record<SettingsSection, string>> = {
  account: 'Juspay account',
  policy: 'Refund policy',
  stops: 'Stop refunds',
}
