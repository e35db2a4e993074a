/**
 * Who runs the PostgreSQL on a data directory. PostgreSQL's own lock file already lets only one postmaster on it;
 * what it cannot know is whether that postmaster still serves a living Paydesk. So ours carries its owner in a
 * setting on its command line: there is no second file that could disagree with the process.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Another living Paydesk uses the data directory. The message says which and what to do. */
export class DataDirectoryInUseError extends Error {
  override name = 'DataDirectoryInUseError'
  constructor(dataDir: string, ownerPid: number) {
    super(
      `The data directory ${dataDir} is in use by another Paydesk (process ${ownerPid}). ` +
        'Stop that one first, or set DATA_DIR to another directory.',
    )
  }
}

/** A clean shutdown writes a checkpoint, which takes a while on a slow disk. */
const shutdownMs = 30_000
const pollMs = 25
const emptyLockMs = 2_000

/** The command-line setting by which a postmaster names its owner. */
export function ownerSetting(): string {
  return `paydesk.owner=${process.pid}:${startTime(process.pid)}`
}

/**
 * Makes sure nobody else runs PostgreSQL on `dataDir`: throws `DataDirectoryInUseError` when its owner lives,
 * shuts a leftover postmaster of a dead owner down, and removes a lock file whose process is something else by now.
 */
export async function claim(dataDir: string, log: (message: string) => void): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid')
  if (!existsSync(lockFile)) return
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0])
  // PostgreSQL makes the file and writes it a moment later; one that stays empty is the remnant of a power cut.
  if (pid === 0 && Date.now() - statSync(lockFile).mtimeMs > emptyLockMs) rmSync(lockFile, { force: true })
  const command = commandLine(pid)
  if (command === undefined) return // dead: PostgreSQL recovers from its own stale lock file
  if (!servesData(command, dataDir)) {
    // After a restart of the machine or container the number belongs to someone else, and PostgreSQL would refuse.
    if (!command.includes('postgres')) rmSync(lockFile, { force: true })
    return
  }
  const owner = /paydesk\.owner=(\d+):(\d*)/.exec(command)
  if (owner && isSameProcess(Number(owner[1]), owner[2] ?? '')) {
    throw new DataDirectoryInUseError(dataDir, Number(owner[1]))
  }
  if (!owner) {
    throw new Error(
      `A PostgreSQL that Paydesk did not start (process ${pid}) runs on ${dataDir}. Stop it first.`,
    )
  }
  log(`stopping the PostgreSQL (process ${pid}) that a killed Paydesk left behind`)
  await shutDown(pid, dataDir)
}

async function shutDown(pid: number, dataDir: string): Promise<void> {
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // Its guardian was faster.
  }
  const deadline = performance.now() + shutdownMs
  while (servesData(commandLine(pid), dataDir)) {
    if (performance.now() > deadline) {
      throw new Error(
        `The PostgreSQL left behind on ${dataDir} (process ${pid}) does not stop. Stop it by hand.`,
      )
    }
    await wait(pollMs)
  }
}

function servesData(command: string | undefined, dataDir: string): boolean {
  return command?.includes(`-D ${dataDir} `) ?? false
}

/** A process number is used again after its death; together with the start time it names one process for good. */
function isSameProcess(pid: number, startedAt: string): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return startTime(pid) === startedAt
}

/** Clock ticks from boot to the start of the process; empty where there is no /proc. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may hold spaces; the start time is field 22.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** The command line of a living process, or undefined. */
function commandLine(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  try {
    if (existsSync('/proc/self/cmdline')) {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined
    }
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
