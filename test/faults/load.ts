/**
 * Delivers webhooks over kept-alive connections the way Juspay does: only 200 is an acknowledgement, and whatever was not
 * acknowledged is sent again. Notes how long answers took, and every answer that may not be.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Mail } from './mail.ts'
import type { Letter } from './stories.ts'
import { ownTimes, type Times } from './times.ts'

/** Juspay gives up after about five seconds. */
const PATIENCE_MS = 5_000
/** Before a webhook that got no answer, or 503, goes out on the same connection again. */
const PAUSE_MS = 20
const POLL_MS = 10

export type LoadOptions = {
  /** Addresses of the servers; the connections are spread over them. */
  targets: readonly string[]
  slug: string
  authorization: string
  connections: number
  /** Deliveries a second over all connections; null for as many as there can be. */
  rate: number | null
  mail: Mail
}

export type Load = {
  /** Answers by kind: `200`, `503`, another status, or `none`. */
  readonly answers: Readonly<Record<string, number>>
  /** Times of 200 and of 503, and of deliveries that got no answer in the client's patience. */
  readonly stored: Times
  readonly refused: Times
  readonly unanswered: Times
  /** Answers that may not be: any 2xx but 200, a 503 without Retry-After, any other status. */
  readonly wrong: string[]
  /** Resolves with the milliseconds from `since` to the first 200 of a server to a request begun after it. */
  ackAfter(target: number, since: number, limitMs: number): Promise<number | null>
  /** Whether any webhook that went out after `since` was answered 200. */
  ackedSince(since: number): boolean
  /** Sends what is left, until all of it is acknowledged or the time is up. */
  finish(limitMs: number): Promise<void>
  /** Stops at once. */
  close(): Promise<void>
}

const WRONG_MAX = 20

/** Starts delivering. */
export function startLoad(options: LoadOptions): Load {
  const { mail } = options
  const pools = options.targets.map((url) => newPool(url, options))
  const answers: Record<string, number> = {}
  const wrong: string[] = []
  const [stored, refused, unanswered] = [ownTimes(), ownTimes(), ownTimes()]
  /** When the request that was last answered 200 had begun, and when the answer came. */
  const lastAck = options.targets.map(() => ({ begunAt: -1, at: -1 }))
  let stopped = false
  const pace = pacer(options.rate)

  const judgeAnswer = (status: number, retryAfter: string | null): void => {
    answers[status] = (answers[status] ?? 0) + 1
    const fine = status === 200 || (status === 503 && retryAfter !== null)
    if (!fine && wrong.length < WRONG_MAX) wrong.push(`${status}, Retry-After ${retryAfter ?? 'missing'}`)
  }
  const deliver = async (pool: Pool, target: number, letter: Letter): Promise<boolean> => {
    const begunAt = performance.now()
    try {
      const reply = await send(pool, options, letter)
      const now = performance.now()
      judgeAnswer(reply.status, reply.retryAfter)
      if (reply.status !== 200) {
        refused.add(now - begunAt)
        return false
      }
      stored.add(now - begunAt)
      mail.acknowledged(letter)
      const last = lastAck[target]
      if (last && begunAt > last.begunAt) Object.assign(last, { begunAt, at: now })
      return true
    } catch {
      answers['none'] = (answers['none'] ?? 0) + 1
      if (performance.now() - begunAt >= PATIENCE_MS - PAUSE_MS) unanswered.add(performance.now() - begunAt)
      return false
    }
  }
  const sender = async (index: number): Promise<void> => {
    const target = index % pools.length
    const pool = pools[target]
    while (!stopped && pool !== undefined) {
      await pace()
      const letter = mail.next()
      if (letter === null) {
        await wait(POLL_MS)
        continue
      }
      if (await deliver(pool, target, letter)) continue
      mail.back(letter)
      await wait(PAUSE_MS)
    }
  }
  const senders = Array.from({ length: options.connections }, (_, index) => sender(index))
  return {
    answers,
    stored,
    refused,
    unanswered,
    wrong,
    async ackAfter(target, since, limitMs) {
      const last = lastAck[target]
      while (last !== undefined && performance.now() - since < limitMs) {
        if (last.begunAt >= since) return last.at - since
        await wait(POLL_MS)
      }
      return null
    },
    ackedSince: (since) => lastAck.some(({ begunAt }) => begunAt >= since),
    async finish(limitMs) {
      mail.finish()
      const deadline = performance.now() + limitMs
      while (!mail.finished() && performance.now() < deadline) await wait(POLL_MS)
    },
    async close() {
      stopped = true
      await Promise.all(senders)
      await Promise.all(pools.map((pool) => pool.destroy()))
    },
  }
}

function newPool(url: string, { connections, targets }: LoadOptions): Pool {
  return new Pool(url, {
    connections: Math.ceil(connections / targets.length),
    pipelining: 1,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
    connect: { timeout: PATIENCE_MS },
  })
}

async function send(
  pool: Pool,
  { slug, authorization }: LoadOptions,
  { body }: Letter,
): Promise<{ status: number; retryAfter: string | null }> {
  const reply = await pool.request({
    method: 'POST',
    path: `/webhooks/juspay/${slug}`,
    headers: { authorization, 'content-type': 'application/json' },
    body,
  })
  await reply.body.dump()
  const retryAfter = reply.headers['retry-after']
  return { status: reply.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : null }
}

/** Lets callers through one after the other, `rate` a second. */
function pacer(rate: number | null): () => Promise<void> {
  if (rate === null) return () => Promise.resolve()
  let slot = performance.now()
  return async () => {
    slot = Math.max(slot + 1_000 / rate, performance.now() - 1_000)
    const ahead = slot - performance.now()
    if (ahead > 1) await wait(ahead)
  }
}
