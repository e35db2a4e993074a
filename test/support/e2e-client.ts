/**
 * The dashboard as it is served: built once and built again only when a source is newer, by the rule of `npm start`,
 * which then finds it ready.
 */
import { execFile } from 'node:child_process'
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')
const built = join(root, 'dist/client')
const sources = ['client', 'server/domain', 'vite.config.ts', 'package-lock.json']
/** Written by the build itself. */
const generated = join(root, 'client/routeTree.gen.ts')

/** Directory of the built dashboard. @throws with the bundler's words when it cannot be built */
export async function builtClient(): Promise<string> {
  const page = statSync(join(built, 'index.html'), { throwIfNoEntry: false })
  const newest = Math.max(...sources.map((source) => changedAt(join(root, source))))
  if (!page || page.mtimeMs < newest) await build()
  return built
}

function changedAt(path: string): number {
  if (path === generated) return 0
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))))
}

async function build(): Promise<void> {
  const next = join(root, `dist/client.next-${process.pid}`)
  const old = join(root, `dist/client.old-${process.pid}`)
  const args = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', '--outDir', next]
  // A process of its own: under NODE_ENV=test it would bundle React for development.
  const env = { ...process.env, NODE_ENV: 'production' }
  try {
    await promisify(execFile)(process.execPath, args, { cwd: root, env })
    if (statSync(built, { throwIfNoEntry: false })) renameSync(built, old)
    renameSync(next, built)
  } finally {
    for (const dir of [next, old]) rmSync(dir, { recursive: true, force: true })
  }
}
