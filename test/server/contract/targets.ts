/** Who has to keep the contract: our own sandbox always, and Juspay's when the environment names an account there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSandbox } from '../../../server/sandbox/create.ts'

export type Account = { baseUrl: string; merchantId: string; clientId: string; apiKey: string }

export type Target = {
  account: Account
  /** A charged order, of which this run may refund two rupees; null when nobody has paid one. */
  chargedOrder: string | null
  close(): Promise<void>
}

/** What names an account at Juspay's sandbox. All are needed; the last is the reference of a charged order, if there is one. */
export const VARIABLES = {
  baseUrl: 'JUSPAY_CONTRACT_URL',
  merchantId: 'JUSPAY_CONTRACT_MERCHANT_ID',
  clientId: 'JUSPAY_CONTRACT_CLIENT_ID',
  apiKey: 'JUSPAY_CONTRACT_API_KEY',
} as const

const CHARGED_ORDER = 'JUSPAY_CONTRACT_CHARGED_ORDER'

export type RealAccount =
  { account: Account; chargedOrder: string | null } | { notRun: string; isMistake: boolean }

/** Juspay's sandbox as the environment names it, or why the contract is not run against it. */
export function realAccount(environment: Readonly<Record<string, string | undefined>>): RealAccount {
  const given = (name: string) => environment[name] || null
  const missing = Object.values(VARIABLES).filter((name) => given(name) === null)
  const all = Object.values(VARIABLES)
  if (missing.length === all.length) {
    const hint = `To run it, set ${all.join(', ')}, and ${CHARGED_ORDER} for the refunds.`
    return { notRun: `The contract was NOT run against Juspay’s own sandbox. ${hint}`, isMistake: false }
  }
  if (missing.length > 0)
    return { notRun: `The contract cannot be run: ${missing.join(', ')} is missing.`, isMistake: true }
  const account = {
    baseUrl: given(VARIABLES.baseUrl) ?? '',
    merchantId: given(VARIABLES.merchantId) ?? '',
    clientId: given(VARIABLES.clientId) ?? '',
    apiKey: given(VARIABLES.apiKey) ?? '',
  }
  return { account, chargedOrder: given(CHARGED_ORDER) }
}

/** Our own sandbox, with an order somebody has paid. */
export async function ownSandbox(): Promise<Target> {
  const dir = mkdtempSync(join(tmpdir(), 'contract-'))
  const sandbox = createSandbox({ dir, webhookUrl: null })
  const baseUrl = await sandbox.listen(0)
  const chargedOrder = 'CONTRACTPAID1'
  const made = await fetch(`${baseUrl}/control/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ orderId: chargedOrder, amount: '100.00', scenario: 'charged' }),
  })
  if (!made.ok) throw new Error(`the sandbox made no order: ${await made.text()}`)
  return {
    account: { baseUrl, merchantId: 'paydeskdemo', clientId: 'paydeskdemo', apiKey: 'sandbox-api-key' },
    chargedOrder,
    async close() {
      await sandbox.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
