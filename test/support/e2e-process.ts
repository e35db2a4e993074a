/** `npm start` as a person runs it: its own process group, its own data directory, watched from outside. */
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './e2e.ts'

const root = join(import.meta.dirname, '../..')

/** Not mkdtemp: its directory would be closed to the account that runs PostgreSQL when the tests run as root. */
export const newDataDir = (): string => join(tmpdir(), `paydesk-e2e-start-${randomBytes(6).toString('hex')}`)

export type StartedProgram = {
  pid: number
  url: string
  /** Everything printed so far. */
  output(): string
  /** Ids of the program and of everything it started. */
  pids(): number[]
  /** Ids of processes among those that run this file. */
  pidsOf(file: string): number[]
  /** The exit code, once it has ended and closed its output. */
  ended: Promise<number | null>
  /** Ctrl-C: the signal goes to the whole group. */
  interrupt(): void
}

/** Runs a program of ours on free ports. */
export async function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<StartedProgram> {
  const [port, sandboxPort] = await freePorts()
  const child = spawn(process.execPath, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnv(), PORT: String(port), SANDBOX_PORT: String(sandboxPort), ...env },
  })
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => printed.push(text))
  const pid = child.pid ?? 0
  const ended = once(child, 'close').then(() => child.exitCode)
  return {
    pid,
    url: `http://127.0.0.1:${port}`,
    output: () => printed.join(''),
    pids: () => family(pid).map((one) => one.pid),
    pidsOf: (file) =>
      family(pid)
        .filter((one) => one.command.includes(file))
        .map((one) => one.pid),
    ended,
    interrupt: () => void process.kill(-pid, 'SIGINT'),
  }
}

/** `npm start` on a data directory; resolves when the server listens. @throws with its output when it ends before */
export async function startPaydesk(dataDir: string): Promise<StartedProgram> {
  const program = await runProgram(['server/start.mjs'], { DATA_DIR: dataDir, DEMO_TRAFFIC: '60' })
  const early = program.ended.then((code) => {
    throw new Error(`npm start ended with ${code}:\n${program.output()}`)
  })
  early.catch(() => undefined)
  const listening = eventually('the server listens', async () => {
    const reply = await fetch(`${program.url}/readyz`)
    if (!reply.ok) throw new Error(`readyz answered ${reply.status}`)
  })
  await Promise.race([listening, early])
  return program
}

export function isRunning(pid: number): boolean {
  return listProcesses().some((one) => one.pid === pid)
}

/** Kills what a failed test has left. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

type ProcessLine = { pid: number; parent: number; command: string }

/** Zombies are left out: they have ended, and wait for a parent to notice. */
function listProcesses(): ProcessLine[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line)
    if (!match || match[3]?.startsWith('Z')) return []
    return [{ pid: Number(match[1]), parent: Number(match[2]), command: match[4] ?? '' }]
  })
}

function family(pid: number): ProcessLine[] {
  const all = listProcesses()
  const found = all.filter((one) => one.pid === pid)
  for (const member of found) found.push(...all.filter((one) => one.parent === member.pid))
  return found
}

/** What the test runner puts into the environment is nothing a person has there. */
function cleanEnv(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'TMPDIR', 'SHELL']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

/** Two at once, so that they differ. */
async function freePorts(): Promise<number[]> {
  const probes = [createServer(), createServer()]
  const ports = []
  for (const probe of probes) {
    probe.listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const address = probe.address()
    ports.push(typeof address === 'object' && address !== null ? address.port : 0)
  }
  for (const probe of probes) {
    probe.close()
    await once(probe, 'close')
  }
  return ports
}
