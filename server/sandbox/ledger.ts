import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** One fact that moved money or left the sandbox. `seq` counts from 1; `at` is virtual time, `realAt` the wall clock. */
export type LedgerLine = { seq: number; at: string; realAt: string; kind: string } & Record<string, unknown>

export type Ledger = {
  /** Appends one line; `durable` forces it to disk before returning (refund acceptances). */
  append(kind: string, at: number, facts: Record<string, unknown>, durable?: boolean): void
  /** Lines with seq > after, oldest first, at most `limit`. */
  read(after: number, limit: number): LedgerLine[]
  lastSeq(): number
  close(): void
}

const NEWLINE = 10

function parseLines(bytes: Buffer): LedgerLine[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      if (line === '') return []
      try {
        const parsed: LedgerLine = JSON.parse(line)
        return [parsed]
      } catch {
        return [] // a line torn by a power cut
      }
    })
}

/**
 * The append-only file from which a test can judge from outside what really happened (contract.md).
 * One JSON object a line, never rewritten.
 */
export function openLedger(dir: string): Ledger {
  const path = join(dir, 'ledger.jsonl')
  const file = openSync(path, 'a')
  const before = readFileSync(path)
  if (before.length > 0 && before.at(-1) !== NEWLINE) writeSync(file, '\n') // ends a line torn by a power cut
  let seq = parseLines(before).at(-1)?.seq ?? 0
  return {
    append(kind, at, facts, durable = false) {
      seq += 1
      const head = { seq, at: new Date(at).toISOString(), realAt: new Date().toISOString(), kind }
      writeSync(file, `${JSON.stringify({ ...head, ...facts })}\n`)
      if (durable) fsyncSync(file)
    },
    read(after, limit) {
      return parseLines(readFileSync(path))
        .filter((line) => line.seq > after)
        .slice(0, limit)
    },
    lastSeq: () => seq,
    close() {
      fsyncSync(file)
      closeSync(file)
    },
  }
}
