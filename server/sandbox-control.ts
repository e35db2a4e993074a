import { z } from 'zod'
import type { SandboxControl } from './services/deps.ts'

const TIMEOUT_MS = 5_000

const words = { name: z.string(), title: z.string(), story: z.string() }
const simulationsShape = z.object({
  simulations: z.array(z.object({ ...words, result: z.string() })),
  switches: z.array(z.object(words)),
})
const simulatedShape = z.object({ orderIds: z.array(z.string()), lastsSeconds: z.number() })
const uploadShape = z.object({ keyId: z.string(), juspayPublicKey: z.string().nullable().default(null) })
const trafficShape = z.object({ perMinute: z.number(), paused: z.boolean() })

/** The sandbox's own API (`/control`), which has nothing to do with Juspay's. `baseUrl` is where the sandbox listens. */
export function createSandboxControl(baseUrl: string): SandboxControl {
  const call = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(new URL(path, baseUrl), {
      ...init,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${path}`)
    return response.json()
  }
  const post = (path: string, body: unknown) =>
    call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    async simulations() {
      return simulationsShape.parse(await call('/control/simulations', { method: 'GET' }))
    },
    async simulate(input) {
      const { orderIds, lastsSeconds } = simulatedShape.parse(await post('/control/simulate', input))
      return { orderRefs: orderIds, lastsSeconds }
    },
    async sendTestEvent({ merchantId, name }) {
      await post('/control/webhooks/send', { merchantId, event: name })
    },
    async traffic(input) {
      return trafficShape.parse(await post('/control/traffic', input))
    },
    async registerKeys({ merchantId, publicKeys }) {
      await post('/control/merchants', { merchantId, publicKeys })
    },
    async uploadKey({ merchantId, purpose, publicKey }) {
      const path = purpose === 'jwe' ? '/control/jwt-keys' : '/control/signing-keys'
      return uploadShape.parse(await post(path, { merchantId, publicKey }))
    },
  }
}
