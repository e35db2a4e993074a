/** Parts of the page that an address can open it with. */
export const SANDBOX_PARTS = ['', 'simulate', 'webhook'] as const

/** What the address of the page says: the part that is wanted; '' is none. */
export type SandboxSearch = { open: (typeof SANDBOX_PARTS)[number] }

export const DEFAULT_SANDBOX_SEARCH: SandboxSearch = { open: '' }
