/**
 * The rules of the house as a program. Works on texts, so that each rule can be shown to fire; every message says
 * what to do instead.
 */
import { dirname, join, normalize } from 'node:path'
import { roomRules, roomsWithoutSharedTypes, sharedTypes } from './import-rules.ts'
import type { RoomRule } from './import-rules.ts'
import { blankText, findImports } from './source-text.ts'

export interface Violation {
  path: string
  line: number
  rule: string
  message: string
}

interface SourceFile {
  path: string
  source: string
  /** The source without comments and the contents of strings. */
  code: string
}

type Check = (file: SourceFile) => Omit<Violation, 'path'>[]

const linesMax = 400

/** Checks sources by their path from the root, with `/`. Answers the violations in order of path and line. */
export function checkArchitecture(sources: ReadonlyMap<string, string>): Violation[] {
  const violations: Violation[] = []
  for (const [path, source] of sources) {
    const file = { path, source, code: blankText(source) }
    for (const check of checks) violations.push(...check(file).map((found) => ({ path, ...found })))
  }
  return violations.toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line)
}

const imports: Check = ({ path, source }) => {
  const room = roomOf(path)
  const rule = room === undefined ? undefined : roomRules[room]
  if (room !== undefined && !rule) {
    const rooms = Object.keys(roomRules).join(', ')
    const message = `${room} is no room of the house: use one of ${rooms}, or decide on its rule in test/support/import-rules.ts.`
    return [{ line: 1, rule: 'imports', message }]
  }
  return findImports(source).flatMap(({ from, typeOnly, line }) => {
    const message =
      room !== undefined && rule
        ? complainAboutRoom(path, room, rule, from, typeOnly)
        : complainAboutSide(path, from, typeOnly)
    return message ? [{ line, rule: 'imports', message }] : []
  })
}

/** The room of a file: its first two folders, or undefined when it lies beside the rooms. */
function roomOf(path: string): string | undefined {
  const [side, folder, ...rest] = path.split('/')
  if (rest.length === 0 || (side !== 'server' && side !== 'client')) return undefined
  return `${side}/${folder}`
}

function complainAboutRoom(
  path: string,
  room: string,
  rule: RoomRule,
  from: string,
  typeOnly: boolean,
): string | undefined {
  const allowed = from.startsWith('.')
    ? mayImportFile(path, room, rule, normalize(join(dirname(path), from)), typeOnly)
    : mayImportPackage(rule, from)
  return allowed
    ? undefined
    : `${room} must not import ${from}${typeOnly ? '' : ' (as a value)'}. ${rule.instead}`
}

function mayImportFile(
  path: string,
  room: string,
  rule: RoomRule,
  target: string,
  typeOnly: boolean,
): boolean {
  if (within(target, room)) return room !== 'client/features' || featureOf(target) === featureOf(path)
  if (rule.values.some((allowed) => within(target, allowed))) return true
  if (!typeOnly) return false
  if (rule.types?.some((allowed) => within(target, allowed))) return true
  return sharedTypes.includes(target) && room.startsWith('server/') && !roomsWithoutSharedTypes.includes(room)
}

const within = (path: string, room: string) => path === room || path.startsWith(`${room}/`)
const featureOf = (path: string) => path.split('/')[2]

function mayImportPackage(rule: RoomRule, name: string): boolean {
  if (rule.packages)
    return rule.packages.some((allowed) => name === allowed || name.startsWith(`${allowed}/`))
  return !rule.forbiddenPackages?.some((forbidden) =>
    /[/:]$/.test(forbidden) ? name.startsWith(forbidden) : name === forbidden,
  )
}

/** Files beside the rooms, and those outside of client and server. */
function complainAboutSide(path: string, from: string, typeOnly: boolean): string | undefined {
  const side = path.split('/')[0]
  if (side === 'test') return undefined
  if (!from.startsWith('.')) {
    return side === 'client' && from.startsWith('node:')
      ? 'The client runs in a browser: no node: modules.'
      : undefined
  }
  const target = normalize(join(dirname(path), from))
  if (within(target, 'test') && path !== 'vite.config.ts')
    return `${from} is a test's. Nothing but tests uses tests.`
  if (side === 'client' && within(target, 'server') && !within(target, 'server/domain') && !typeOnly) {
    return `${from} is the server's. The client takes values from server/domain only, and the rest through tRPC.`
  }
  if (side === 'server' && within(target, 'client'))
    return `${from} is the client's. The server knows no screens.`
  return undefined
}

/** Finds a pattern in the code of a file. */
function pattern(rule: string, wrong: RegExp, applies: (path: string) => boolean, message: string): Check {
  return ({ path, code }) =>
    applies(path)
      ? [...code.matchAll(wrong)].map(({ index }) => ({ line: lineAt(code, index), rule, message }))
      : []
}

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length

const everywhere = () => true
const isTest = (path: string) => path.startsWith('test/')
const isTool = (path: string) => path.endsWith('.mjs') || /^[^/]+\.config\.ts$/.test(path)

const purity = pattern(
  'purity',
  /\bnew Date\(\s*\)|(?<!\bnew\s+)(?<![\w$.])Date\(|\bDate\.now\b|\bMath\.random\b|(?<![\w$.])(?:process|crypto|performance|console|globalThis|window|document|localStorage)\s*[.[]|(?<![\w$.])(?:fetch|setTimeout|setInterval|queueMicrotask)\s*\(/g,
  (path) => path.startsWith('server/domain/'),
  'The domain has no clock, no chance and no outside: take the instant, the random value or the answer as an argument.',
)

const environmentReaders = ['server/env.ts', 'server/sandbox/env.ts']
const environment = pattern(
  'environment',
  /\bprocess\s*\.\s*env\b|\bprocess\s*\[|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g,
  (path) => !environmentReaders.includes(path) && !isTest(path) && !isTool(path),
  'Only server/env.ts reads the environment (server/sandbox/env.ts for its own process): add the setting there and pass it in.',
)

const noAny = pattern(
  'any',
  /(?::|\bas|<|\||&|=>|\bextends|,)\s*any\b(?=\s*(?:\[\]|[,;)=\]}>|&\n]|$))/g,
  everywhere,
  '`any` switches the checker off: say `unknown` and parse, or name the type.',
)

const defaultExports = pattern(
  'default export',
  /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g,
  (path) =>
    !path.startsWith('client/routes/') &&
    !/^[^/]+\.config\.ts$|\.d\.ts$/.test(path) &&
    path !== 'test/support/global-setup.ts',
  'Export by name: then everybody calls it the same, and a search finds it.',
)

const skippedTests = pattern(
  'skipped test',
  /\b(?:test|it|describe|suite)\s*\.\s*(?:skip|only|todo|fails)\b/g,
  isTest,
  'A test runs, or it goes: no skip, only, todo or fails.',
)

const sleeps = pattern(
  'sleep',
  /new Promise\s*(?:<[^>]*>)?\(\s*\(?[\w$]+\)?\s*=>\s*(?:void\s+)?setTimeout\b/g,
  (path) => /\.test\.tsx?$/.test(path),
  'A test that sleeps is slow today and wrong tomorrow: wait for what you expect (vi.waitFor, an event, a clock of your own).',
)

const shortWaits = pattern(
  'short wait',
  /\bvi\s*\.\s*waitFor\s*\(/g,
  (path) => path.endsWith('.browser.test.tsx'),
  'vi.waitFor gives up after a second, which a busy browser takes: use expect.poll, which waits as long as every other component test.',
)

/** Checked in the text: it lives in comments. */
const silencedCompiler: Check = ({ source, code }) =>
  [...source.matchAll(/@ts-(?:ignore|nocheck)\b/g)]
    .filter(({ index }) => code[index] === ' ')
    .map(({ index }) => ({
      line: lineAt(source, index),
      rule: 'silenced compiler',
      message: 'The compiler is right, or its types need a line: do not silence it.',
    }))

const barrels: Check = ({ source, code }) => {
  const passedOn = findImports(source).filter(({ reexport }) => reexport)
  const [first] = passedOn
  if (!first) return []
  const withoutModules = code
    .replace(/(?<![\w$.])(?:import|export)\b[^;'"()]*?\bfrom\s*(['"])\s*\1;?/g, '')
    .replace(/(?<![\w$.])import\s*(['"])\s*\1;?/g, '')
  const star = /\bexport\s*\*/.exec(code)
  if (withoutModules.trim() !== '' && !star) return []
  return [
    {
      line: star ? lineAt(code, star.index) : first.line,
      rule: 'barrel',
      message:
        'A file that only passes on what others export hides where things live: import from the file itself.',
    },
  ]
}

const fileLength: Check = ({ source }) => {
  const lines = source.trimEnd().split('\n').length
  if (lines <= linesMax) return []
  const message = `${lines} lines; at most ${linesMax}. Find the second idea in it and give that its own file.`
  return [{ line: linesMax + 1, rule: 'file length', message }]
}

const checks: readonly Check[] = [
  imports,
  purity,
  environment,
  noAny,
  defaultExports,
  skippedTests,
  sleeps,
  shortWaits,
  silencedCompiler,
  barrels,
  fileLength,
]
