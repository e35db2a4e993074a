/** What the browser has to load, measured in the built dashboard, against the budgets of the design (ux.md §5.4). */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'

/** As `ls` and the design count. */
const KB = 1_024
const GZIP_LEVEL = 9
/** The design ends at 250; what is already less is kept. */
const FIRST_LOAD = { hardKb: 240, warnKb: 235 }
/**
 * Dialogs, menus, toasts, the palette with what it finds, what asks after refunds without an answer and views with an
 * alert, and what runs: the shell fetches them as soon as the browser has nothing else to do.
 */
const IDLE_KB = 88
const ROUTE_KB = 40
/** Charts come with their library, the raw view with its comparison. */
const OTHER_CHUNKS: readonly (readonly [RegExp, number])[] = [
  [/overview|analytics|chart/, 60],
  [/compare|json|raw/, 30],
]
const CSS_KB = 32
const FONTS_KB = 39

const IDLE_PARTS = [
  'features/orders/view-alert-news.tsx',
  'features/refunds/lost-refunds.tsx',
  'lib/palette.tsx',
  'lib/running-menu.tsx',
  'lib/step-up-dialog.tsx',
  'ui/confirm-dialog.tsx',
  'ui/menu-body.tsx',
  'ui/shortcut-sheet.tsx',
  'ui/toast-host.tsx',
]
/** The list that people land on. */
const LIST = 'routes/_app/transactions.tsx?tsr-split=component'

const manifestShape = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().default(false),
    isDynamicEntry: z.boolean().default(false),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
    assets: z.array(z.string()).default([]),
  }),
)
type Manifest = z.infer<typeof manifestShape>

/** One thing with a budget, in kilobytes: scripts and styles as gzip, fonts as they are. */
export type Measure = { name: string; kb: number; limitKb: number; warnKb: number | null }

/** @param dir the built dashboard, with Vite's manifest */
export function measureClient(dir: string): Measure[] {
  const manifest = manifestShape.parse(JSON.parse(readFileSync(join(dir, '.vite/manifest.json'), 'utf8')))
  const sizes = new Map<string, number>()
  const gzipped = (file: string): number => {
    const known = sizes.get(file) ?? gzipSync(readFileSync(join(dir, file)), { level: GZIP_LEVEL }).length
    sizes.set(file, known)
    return known
  }
  const kb = (files: Iterable<string>): number =>
    [...files].reduce((sum, file) => sum + gzipped(file), 0) / KB
  const entry = keyOf(manifest, (chunk) => chunk.isEntry)
  const first = neededBy(manifest, [entry, LIST])
  const idle = [...neededBy(manifest, IDLE_PARTS)].filter((needed) => !first.has(needed))
  const shell = new Set([...first, ...idle])
  const measures: Measure[] = [
    {
      name: 'first load: scripts of shell and list',
      kb: kb(scriptsOf(manifest, first)),
      limitKb: FIRST_LOAD.hardKb,
      warnKb: FIRST_LOAD.warnKb,
    },
    {
      name: 'shell: scripts fetched when idle',
      kb: kb(scriptsOf(manifest, idle)),
      limitKb: IDLE_KB,
      warnKb: null,
    },
    { name: 'first load: styles', kb: kb(stylesOf(manifest, first)), limitKb: CSS_KB, warnKb: null },
    {
      name: 'fonts',
      kb: fontsOf(manifest).reduce((sum, file) => sum + statSync(join(dir, file)).size, 0) / KB,
      limitKb: FONTS_KB,
      warnKb: null,
    },
  ]
  for (const [key, chunk] of Object.entries(manifest)) {
    if (!chunk.isDynamicEntry || IDLE_PARTS.includes(key)) continue
    // What a page needs beyond what everybody has by then; the landing list itself is among that, so of it its own file.
    const had = key === LIST ? new Set([...shell].filter((needed) => needed !== LIST)) : shell
    const added = [...neededBy(manifest, [key])].filter((needed) => !had.has(needed))
    const limitKb = OTHER_CHUNKS.find(([name]) => name.test(key))?.[1] ?? ROUTE_KB
    measures.push({ name: nameOf(key), kb: kb(scriptsOf(manifest, added)), limitKb, warnKb: null })
  }
  return measures
}

/** Those over their budget. */
export function overBudget(measures: readonly Measure[]): Measure[] {
  return measures.filter(({ kb, limitKb }) => kb > limitKb)
}

function keyOf(manifest: Manifest, wanted: (chunk: Manifest[string]) => boolean): string {
  const found = Object.entries(manifest).find(([, chunk]) => wanted(chunk))
  if (found === undefined) throw new Error('the manifest has no such chunk')
  return found[0]
}

/** Keys of everything that loads with `keys`. */
function neededBy(manifest: Manifest, keys: readonly string[]): Set<string> {
  const needed = new Set<string>()
  const visit = (key: string): void => {
    if (needed.has(key)) return
    const chunk = manifest[key]
    if (chunk === undefined) throw new Error(`the manifest does not know ${key}`)
    needed.add(key)
    chunk.imports.forEach(visit)
  }
  keys.forEach(visit)
  return needed
}

function scriptsOf(manifest: Manifest, keys: Iterable<string>): Set<string> {
  return new Set([...keys].flatMap((key) => manifest[key]?.file ?? []).filter((file) => file.endsWith('.js')))
}

function stylesOf(manifest: Manifest, keys: Iterable<string>): Set<string> {
  return new Set([...keys].flatMap((key) => manifest[key]?.css ?? []))
}

function fontsOf(manifest: Manifest): string[] {
  const files = Object.values(manifest).flatMap(({ file, assets }) => [file, ...assets])
  return [...new Set(files.filter((file) => file.endsWith('.woff2')))]
}

function nameOf(key: string): string {
  return key.replace(/\?tsr-split=(\w+)$/, (_, part) => (part === 'component' ? '' : ` (${part})`))
}
