import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLedger } from '../../../server/sandbox/ledger.ts'
import { START } from './support.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ledger-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('only ever appends, counts on after a reopening, and reads from where one left off', () => {
  const first = openLedger(dir)
  first.append('order_created', START, { orderId: 'A' })
  first.append('refund_accepted', START, { orderId: 'A' }, true)
  first.close()
  const before = readFileSync(join(dir, 'ledger.jsonl'), 'utf8')
  const second = openLedger(dir)
  second.append('charge', START, { orderId: 'B' })
  expect(readFileSync(join(dir, 'ledger.jsonl'), 'utf8').startsWith(before)).toBe(true)
  expect(second.read(1, 10)).toMatchObject([
    { seq: 2, kind: 'refund_accepted', at: '2026-01-05T09:06:53.000Z' },
    { seq: 3, kind: 'charge', orderId: 'B' },
  ])
  expect(second.read(0, 1)).toHaveLength(1)
  second.close()
})

it('survives a line torn by a power cut', () => {
  const first = openLedger(dir)
  first.append('charge', START, { orderId: 'A' })
  first.close()
  appendFileSync(join(dir, 'ledger.jsonl'), '{"seq":2,"ki')
  const second = openLedger(dir)
  second.append('charge', START, { orderId: 'B' })
  expect(second.read(0, 10).map((line) => [line.seq, line['orderId']])).toEqual([
    [1, 'A'],
    [2, 'B'],
  ])
  second.close()
})
