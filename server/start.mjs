/**
 * `npm start` and `npm run dev`: brings up the server, the Juspay sandbox and the built dashboard on a machine with
 * nothing but Node and npm, and leaves no process behind. Plain JavaScript, so that an old Node can read why it is too old.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname ?? '', '..')
const nodeMajorMin = 24

/** A person who presses Ctrl-C again after this long means it; npm repeats the first one at once. */
const insistMs = 1_000
/** Past this the database has had its time for a clean shutdown; its guardian sees to it after a kill. */
const stopMs = 45_000

const quiet = '--disable-warning=ExperimentalWarning'

/** The running programs by name. Each in a group of its own: Ctrl-C reaches them once, through us. */
const running = new Map()
let stoppingSince
let exitCode = 0

/**
 * Starts a program and answers its exit code when it ends. It has a channel to us, which closes however we die: our
 * own programs take that as the order to stop.
 */
function start(name, args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  running.set(name, child)
  return new Promise((done) => {
    child.once('error', (error) => {
      running.delete(name)
      process.stderr.write(`${name} could not be started: ${error.message}\n`)
      done(1)
    })
    child.once('exit', (code, signal) => {
      running.delete(name)
      if (signal && stoppingSince === undefined) process.stderr.write(`${name} was killed by ${signal}\n`)
      done(code ?? 1)
    })
  })
}

/** Passes the order to stop on once; asked again by somebody impatient, or after `stopMs`, it kills. */
function stop(signal = 'SIGTERM') {
  if (stoppingSince !== undefined) {
    if (performance.now() - stoppingSince > insistMs) signalAll('SIGKILL')
    return
  }
  stoppingSince = performance.now()
  signalAll(signal)
  setTimeout(() => signalAll('SIGKILL'), stopMs).unref()
}

function signalAll(signal) {
  for (const child of running.values()) {
    try {
      process.kill(-child.pid, signal)
    } catch {
      // It ended a moment ago.
    }
  }
}

/** Runs a program that has to stay: when it ends by itself, everything ends, with a code that says so. */
async function keep(name, args, env) {
  const code = await start(name, args, env)
  if (stoppingSince !== undefined) return
  process.stderr.write(`The ${name} stopped unexpectedly (code ${code}); stopping the rest.\n`)
  exitCode = code === 0 ? 1 : code
  stop()
}

function isBuilt() {
  const page = join(root, 'dist/client/index.html')
  if (!existsSync(page)) return false
  const sources = ['client', 'server/domain', 'vite.config.ts', 'package-lock.json']
  // The build itself writes this one into the sources.
  const generated = join(root, 'client/routeTree.gen.ts')
  const newest = Math.max(...sources.map((source) => changedAt(join(root, source), generated)))
  return statSync(page).mtimeMs >= newest
}

/** The newest change below `path`, directories included: a removed file leaves its mark there. */
function changedAt(path, except) {
  if (path === except) return 0
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name), except)))
}

/** Builds beside the old dashboard and swaps, so that a reader never gets half of each. */
async function buildClient() {
  const next = join(root, 'dist/client.next')
  const old = join(root, 'dist/client.old')
  const current = join(root, 'dist/client')
  process.stdout.write('Building the dashboard …\n')
  const args = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', '--outDir', next]
  // A process of its own: React is built for production whatever NODE_ENV we were started with.
  const code = await start('dashboard build', args, { NODE_ENV: 'production' })
  if (stoppingSince !== undefined) return
  if (code !== 0) {
    process.stderr.write('The dashboard could not be built; see above.\n')
    exitCode = 1
    stop()
    return
  }
  rmSync(old, { recursive: true, force: true })
  if (existsSync(current)) renameSync(current, old)
  renameSync(next, current)
  rmSync(old, { recursive: true, force: true })
  process.stdout.write('The dashboard is built.\n')
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < nodeMajorMin) {
    process.stderr.write(
      `Paydesk needs Node ${nodeMajorMin} or newer, and this is ${process.versions.node}. On Linux \`npm ci && npm start\` ` +
        'brings its own; elsewhere, or after --omit=optional, install it first.\n',
    )
    return 1
  }
  const dev = process.argv.includes('--dev')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop('SIGTERM'))

  const { generate, isGenerated } = await import('../prisma/generate.mjs')
  if (!isGenerated()) generate()

  const port = process.env.PORT || '4000'
  const sandbox = keep('sandbox', [quiet, 'server/sandbox/main.ts'], {
    SANDBOX_PORT: process.env.SANDBOX_PORT || '4010',
    DATA_DIR: process.env.DATA_DIR || '.data',
    SANDBOX_WEBHOOK_URL: process.env.SANDBOX_WEBHOOK_URL || `http://127.0.0.1:${port}/webhooks/juspay/demo`,
  })
  const server = keep('server', [
    quiet,
    ...(dev ? ['--watch', '--watch-preserve-output'] : []),
    'server/main.ts',
  ])
  const dashboard = dev
    ? keep('dashboard server', [join(root, 'node_modules/vite/bin/vite.js')])
    : isBuilt()
      ? undefined
      : buildClient()
  await Promise.all([sandbox, server, dashboard])
  return exitCode
}

process.exit(await main())
