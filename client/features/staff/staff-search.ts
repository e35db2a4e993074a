export const STAFF_TABS = ['people', 'roles'] as const
export type StaffTab = (typeof STAFF_TABS)[number]

export const STAFF_TAB_LABELS: Readonly<Record<StaffTab, string>> = { people: 'People', roles: 'Roles' }

/** What the address of the page says. `user` is the person on show; '' is nobody. */
export type StaffSearch = { tab: StaffTab; user: string; q: string }

export const DEFAULT_STAFF_SEARCH: StaffSearch = { tab: 'people', user: '', q: '' }
