import { z } from 'zod'
import type { SandboxControl } from './services/deps.ts'

const TIMEOUT_MS = 5_000

const ordersShape = z.object({ orderIds: z.array(z.string()) })
const uploadShape = z.object({ keyId: z.string(), juspayPublicKey: z.string().nullable().default(null) })
const trafficShape = z.object({ perMinute: z.number(), paused: z.boolean() })

/** The sandbox's own API (`/control`), which has nothing to do with Juspay's. `baseUrl` is where the sandbox listens. */
export function createSandboxControl(baseUrl: string): SandboxControl {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${path}`)
    return response.json()
  }
  return {
    async createOrders({ merchantId, outcome, amount, count }) {
      const answer = await post('/control/orders', { merchantId, amount, scenario: outcome, repeat: count })
      return ordersShape.parse(answer).orderIds
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
