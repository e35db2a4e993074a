/**
 * What people keep about the transactions list: saved views (design §3.17) and display choices (§3.1). Shapes are read
 * with `catch`, so that what an older Paydesk wrote is never a reason for a list not to open.
 */
import { z } from 'zod/mini'
import { ORDER_COLUMNS } from './order-columns.ts'

export const DENSITIES = ['compact', 'default', 'comfortable'] as const
export type Density = (typeof DENSITIES)[number]

/** Views one person may keep on one account: a bound, not a ration. */
export const VIEWS_MAX = 200
export const VIEW_NAME_MAX = 60
/** Tabs that a person may pin. */
export const PINNED_MAX = 30

const QUERY_MAX = 2_000
const WORD_MAX = 80
const WIDTH_PX_MAX = 2_000
const COLUMNS_MAX = ORDER_COLUMNS.length

const word = z.string().check(z.maxLength(WORD_MAX))
const widths = z
  .record(word, z.int().check(z.gte(1), z.lte(WIDTH_PX_MAX)))
  .check(z.refine((record) => Object.keys(record).length <= COLUMNS_MAX * 2, 'too many columns'))

/** What a view shows and how. `cols` and `density` null: as the person has them otherwise. */
export const viewState = z.strictObject({
  q: z.string().check(z.maxLength(QUERY_MAX)),
  t: word,
  sort: word,
  cols: z.nullable(z.array(word).check(z.maxLength(COLUMNS_MAX))),
  widths,
  density: z.nullable(z.enum(DENSITIES)),
})

export type ViewState = z.infer<typeof viewState>

/** The list without a view. */
export const BARE_LIST = { q: '', t: '-24h', sort: '-created' } as const

/** The views that every workspace starts with; nobody can change them. */
export const BUILT_IN_IDS = ['all', 'attention', 'failed', 'high'] as const
export type BuiltInId = (typeof BUILT_IN_IDS)[number]

function builtIn(id: BuiltInId, label: string, state: Partial<ViewState>, counted = false) {
  const rest = { cols: null, widths: {}, density: null }
  return { id, label, counted, state: { ...BARE_LIST, ...rest, ...state } satisfies ViewState }
}

export const ALL_VIEW = builtIn('all', 'All', {})

/** `counted`: somebody has to work it off, and an index counts it. */
export const BUILT_IN_VIEWS = [
  ALL_VIEW,
  builtIn('attention', 'Needs attention', { q: 'is:stuck', t: '-30d' }, true),
  builtIn('failed', 'Failed today', { q: 'status:failed', t: 'today' }, true),
  builtIn('high', 'High value', { q: 'amount:>=100000', t: '-7d' }),
] as const

/** A state as it is read back. */
export const storedViewState = z.object({
  q: z.catch(z.string(), BARE_LIST.q),
  t: z.catch(z.string(), BARE_LIST.t),
  sort: z.catch(z.string(), BARE_LIST.sort),
  cols: z.catch(z.nullable(z.array(z.string())), null),
  widths: z.catch(widths, {}),
  density: z.catch(z.nullable(z.enum(DENSITIES)), null),
})

/** Choices of one person on one account. `pinned` null: the tabs every account starts with. */
export const listPreference = z.strictObject({
  density: z.nullable(z.enum(DENSITIES)),
  widths,
  pinned: z.nullable(z.array(word).check(z.maxLength(PINNED_MAX))),
  defaultView: z.nullable(word),
})

export type ListPreference = z.infer<typeof listPreference>

/** A preference as it is read back; what was never chosen is as everybody has it. */
export const storedListPreference = z.object({
  density: z.catch(z.nullable(z.enum(DENSITIES)), null),
  widths: z.catch(widths, {}),
  pinned: z.catch(z.nullable(z.array(z.string())), null),
  defaultView: z.catch(z.nullable(z.string()), null),
})

/** The name of a copy that is not taken yet: "Big refunds copy", "Big refunds copy 2". */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) {
    const tail = n === 1 ? ' copy' : ` copy ${n}`
    const next = `${name.slice(0, VIEW_NAME_MAX - tail.length)}${tail}`
    if (!taken.has(next)) return next
  }
}
