export const STAFF_TABS = ['people', 'roles'] as const
export type StaffTab = (typeof STAFF_TABS)[number]

export const STAFF_TAB_LABELS: Readonly<Record<StaffTab, string>> = { people: 'People', roles: 'Roles' }

/** Dialogs that an address can open the page with. */
export const STAFF_DIALOGS = ['', 'add'] as const

/** What the address of the page says. `user` is the person on show; '' is nobody. `open` is the dialog; '' is none. */
export type StaffSearch = { tab: StaffTab; user: string; q: string; open: (typeof STAFF_DIALOGS)[number] }

export const DEFAULT_STAFF_SEARCH: StaffSearch = { tab: 'people', user: '', q: '', open: '' }
