import type { SandboxClock } from './clock.ts'
import type { Database } from './database.ts'

/** Persistent timers in virtual time. A handler gets the instant it was due, so catching up is exact. */
export type Scheduler = {
  handle(kind: string, handler: (payload: unknown, at: number) => void): void
  add(kind: string, dueAt: number, payload: unknown): void
  cancel(kind: string): void
  /** Runs everything due now, in order of due time. */
  runDue(): void
  nextDue(): number | null
  count(): number
  start(): void
  stop(): void
}

/** How long the loop sleeps at most, so that a changed clock factor is noticed. */
const LONGEST_NAP_MS = 250

export function createScheduler(
  database: Database,
  clock: SandboxClock,
  onError: (error: unknown) => void,
): Scheduler {
  const { sql } = database
  const insert = sql.prepare('INSERT INTO timers (due_at, kind, payload) VALUES (?,?,?)')
  const next = sql.prepare('SELECT id, due_at, kind, payload FROM timers ORDER BY due_at, id LIMIT 1')
  const remove = sql.prepare('DELETE FROM timers WHERE id = ?')
  const removeKind = sql.prepare('DELETE FROM timers WHERE kind = ?')
  const total = sql.prepare('SELECT count(*) AS n FROM timers')
  const handlers = new Map<string, (payload: unknown, at: number) => void>()
  let nap: NodeJS.Timeout | null = null
  let running = false

  const nextDue = () => {
    const row = next.get()
    return row === undefined ? null : Number(row['due_at'])
  }

  const runDue = () => {
    for (let row = next.get(); row && Number(row['due_at']) <= clock.now(); row = next.get()) {
      const timer = row
      try {
        database.transact(() => {
          remove.run(Number(timer['id']))
          handlers.get(String(timer['kind']))?.(JSON.parse(String(timer['payload'])), Number(timer['due_at']))
        })
      } catch (error) {
        remove.run(Number(timer['id'])) // a timer that throws once would throw for ever
        onError(error)
      }
    }
  }

  const loop = () => {
    if (!running) return
    runDue()
    const due = nextDue()
    const delay = due === null ? LONGEST_NAP_MS : Math.min(LONGEST_NAP_MS, clock.realDelayUntil(due))
    nap = setTimeout(loop, Math.max(1, delay))
  }

  return {
    handle: (kind, handler) => void handlers.set(kind, handler),
    add: (kind, dueAt, payload) => void insert.run(Math.floor(dueAt), kind, JSON.stringify(payload)),
    cancel: (kind) => void removeKind.run(kind),
    runDue,
    nextDue,
    count: () => Number(total.get()?.['n'] ?? 0),
    start() {
      running = true
      loop()
    },
    stop() {
      running = false
      if (nap) clearTimeout(nap)
    },
  }
}
