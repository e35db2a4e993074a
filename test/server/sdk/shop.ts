/** A shop that takes payments through Paydesk, with the sandbox as its Juspay; both over HTTP. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createSandbox } from '../../../server/sandbox/create.ts'
import { createTestApp, type TestApp } from '../../support/app.ts'

export type Answer = { status: number; body: Record<string, unknown>; text: string }

export type Shop = {
  app: TestApp
  sandboxUrl: string
  /** A call of the shop's server; without a key when it is null. */
  post(path: string, body: unknown, key?: string | null): Promise<Answer>
  /** The sandbox's own API. */
  control(path: string, body: unknown): Promise<void>
  close(): Promise<void>
}

export async function openShop(): Promise<Shop> {
  const dir = mkdtempSync(join(tmpdir(), 'paydesk-sdk-'))
  const sandbox = createSandbox({ dir, webhookUrl: null })
  const sandboxUrl = await sandbox.listen(0)
  const app = await createTestApp({ sandboxUrl })
  return {
    app,
    sandboxUrl,
    async post(path, body, key = app.apiKey) {
      const reply = await fetch(`${app.url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(body),
      })
      const text = await reply.text()
      const parsed: unknown = JSON.parse(text)
      if (typeof parsed !== 'object' || parsed === null) throw new Error(`not an object: ${text}`)
      return { status: reply.status, body: { ...parsed }, text }
    },
    async control(path, body) {
      const reply = await fetch(`${sandboxUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(reply.status, await reply.text()).toBe(200)
    },
    async close() {
      await app.close()
      await sandbox.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
