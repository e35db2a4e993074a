/** Reads the sandbox's append-only ledger from its file, each line once: what really happened to money. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { LedgerRefund } from './refund-invariants.ts'

export type LedgerLine = { kind: string } & Readonly<Record<string, unknown>>

export type LedgerReader = {
  /** What it says about one order, oldest first. */
  ofOrder(orderRef: string): readonly LedgerLine[]
  /** Every refund it has accepted. */
  accepted(): LedgerRefund[]
}

const CHUNK_BYTES = 1 << 20

export function readLedger(path: string): LedgerReader {
  const byOrder = new Map<string, LedgerLine[]>()
  const taken: LedgerRefund[] = []
  let offset = 0
  let rest = Buffer.alloc(0)

  const take = (text: string): void => {
    // Attempts to deliver webhooks are most of it, and move no money.
    if (text === '' || text.includes('"kind":"webhook_attempt"')) return
    const line: LedgerLine = JSON.parse(text)
    const orderRef = String(line['orderId'])
    byOrder.set(orderRef, [...(byOrder.get(orderRef) ?? []), line])
    if (line.kind === 'refund_accepted')
      taken.push({
        orderId: orderRef,
        uniqueRequestId: String(line['uniqueRequestId']),
        amountMinor: String(line['amountMinor']),
      })
  }
  const catchUp = (): void => {
    const file = openSync(path, 'r')
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (;;) {
      const read = readSync(file, chunk, 0, CHUNK_BYTES, offset)
      if (read === 0) break
      offset += read
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)])
      const end = bytes.lastIndexOf(10) + 1
      for (const text of bytes.subarray(0, end).toString('utf8').split('\n')) take(text)
      rest = bytes.subarray(end)
    }
    closeSync(file)
  }
  return {
    ofOrder(orderRef) {
      catchUp()
      return byOrder.get(orderRef) ?? []
    },
    accepted() {
      catchUp()
      return taken
    },
  }
}
