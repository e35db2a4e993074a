import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEnv } from '../../../server/sandbox/env.ts'

const MAIN = join(import.meta.dirname, '../../../server/sandbox/main.ts')

let dir: string
let child: ChildProcess | null = null
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sandbox-main-'))
})
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  child = null
  rmSync(dir, { recursive: true, force: true })
})

/** Starts the process and waits for the line with its address. */
async function start(extra: Record<string, string> = {}): Promise<{ child: ChildProcess; address: string }> {
  const env = { ...process.env, DATA_DIR: dir, SANDBOX_PORT: '0', DEMO_TRAFFIC: '0', ...extra }
  const started = fork(MAIN, [], { env, silent: true, execArgv: ['--disable-warning=ExperimentalWarning'] })
  child = started
  let output = ''
  for await (const chunk of started.stdout ?? []) {
    output += String(chunk)
    if (output.includes('\n')) break
  }
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]
  if (address === undefined) throw new Error(`No address in: ${output}`)
  return { child: started, address }
}

describe('the sandbox process', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'answers, keeps its files in DATA_DIR, and ends on %s with 0',
    async (signal) => {
      const { child: running, address } = await start()
      expect(await (await fetch(`${address}/healthz`)).json()).toEqual({ status: 'ok' })
      expect(existsSync(join(dir, 'sandbox/sandbox.db'))).toBe(true)
      expect(existsSync(join(dir, 'sandbox/ledger.jsonl'))).toBe(true)
      running.kill(signal)
      expect(await once(running, 'exit')).toEqual([0, null])
    },
  )

  it('ends when the parent that forked it goes away', async () => {
    const { child: running } = await start()
    running.disconnect()
    expect(await once(running, 'exit')).toEqual([0, null])
  })

  it('loses nothing accepted when it is killed', async () => {
    const first = await start()
    const made = await fetch(`${first.address}/control/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ orderId: 'KILL1', scenario: 'charged' }),
    })
    expect(made.status).toBe(200)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    const { address } = await start()
    const authorization = `Basic ${Buffer.from('sandbox-api-key:').toString('base64')}`
    const headers = { authorization, 'x-merchantid': 'paydeskdemo' }
    expect(await (await fetch(`${address}/orders/KILL1`, { headers })).json()).toMatchObject({
      status: 'CHARGED',
    })
  })
})

describe('the environment', () => {
  it('has the promised defaults', () => {
    expect(readEnv({ DATA_DIR: '', SANDBOX_PORT: '' })).toMatchObject({
      port: 4010,
      trafficPerMinute: 12,
      timeFactor: 1,
      webhookUrl: 'http://127.0.0.1:4000/webhooks/juspay/demo',
    })
  })

  it('names every bad variable', () => {
    expect(() => readEnv({ SANDBOX_PORT: 'x', DEMO_TRAFFIC: '-1' })).toThrow(/SANDBOX_PORT.*DEMO_TRAFFIC/)
  })
})
