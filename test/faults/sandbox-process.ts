/** The sandbox in a process of its own, which no fault of a battery ends: its ledger is the witness. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { readLedger } from '../support/ledger.ts'
import type { LedgerRefund } from '../support/refund-invariants.ts'
import { freePort } from './ports.ts'

const root = join(import.meta.dirname, '../..')
const READY_MS = 60_000
const POLL_MS = 25

export type SandboxProcess = {
  /** Address without a trailing slash. */
  url: string
  /** A call of its control interface. @throws when it is refused */
  control(path: string, body: unknown): Promise<Record<string, unknown>>
  clearFaults(): Promise<void>
  /** Every refund it has accepted, read from the file that it only ever appends to. */
  accepted(): LedgerRefund[]
  close(): Promise<void>
}

const answer = z.record(z.string(), z.unknown())

/** Starts it without traffic of its own, and waits until it answers. */
export async function startSandbox(): Promise<SandboxProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'paydesk-faults-juspay-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let printed = ''
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'server/sandbox/main.ts'], {
    cwd: root,
    detached: true,
    // The channel closes however we die, and the sandbox takes that as the order to stop.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: dir,
      SANDBOX_PORT: String(port),
      DEMO_TRAFFIC: '0',
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/faults'),
    },
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-4_000)
    })
  const control: SandboxProcess['control'] = async (path, body) => {
    const reply = await fetch(`${url}/control${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`the sandbox refused ${path}: ${await reply.text()}`)
    return answer.parse(await reply.json())
  }
  const deadline = performance.now() + READY_MS
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`the sandbox does not start:\n${printed}`)
    await wait(POLL_MS)
  }
  const ledger = readLedger(join(dir, 'sandbox/ledger.jsonl'))
  return {
    url,
    control,
    clearFaults: async () => void (await fetch(`${url}/control/faults`, { method: 'DELETE' })),
    accepted: () => ledger.accepted(),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        await gone
      }
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) })
    await reply.body?.cancel()
    return reply.ok
  } catch {
    return false
  }
}
