/** Makes system calls of running processes fail, by `strace`. Needs Linux, and the right to trace them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { isInstalled } from './small-disk.ts'

const ATTACH_MS = 10_000
const POLL_MS = 20

/** Why that cannot be done here; null when it can. */
export function whyNoStrace(): string | null {
  if (process.platform !== 'linux') return 'system calls can be made to fail on Linux only'
  if (process.getuid?.() !== 0) return 'making system calls of PostgreSQL fail needs root'
  return isInstalled('strace') ? null : 'strace is not installed'
}

/** Has `calls` (separated by commas) of the processes, and of those they start, end with `error`. Returns the way to stop that. */
export async function failSystemCalls(
  pids: readonly number[],
  calls: string,
  error: string,
): Promise<() => Promise<void>> {
  const what = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}`]
  const tracer = spawn(
    'strace',
    ['-f', '-o', '/dev/null', ...what, ...pids.flatMap((pid) => ['-p', String(pid)])],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const gone = once(tracer, 'exit')
  let said = ''
  tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const deadline = performance.now() + ATTACH_MS
  // One line for each, also for those that have ended meanwhile.
  while (said.split('\n').length <= pids.length && tracer.exitCode === null) {
    if (performance.now() > deadline) break
    await wait(POLL_MS)
  }
  if (!said.includes('attached')) {
    tracer.kill('SIGKILL')
    throw new Error(`strace could not attach to PostgreSQL: ${said}`)
  }
  return async () => {
    if (tracer.exitCode === null && tracer.signalCode === null) tracer.kill('SIGINT')
    await gone
  }
}
