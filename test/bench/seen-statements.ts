/** Which SQL a request makes Paydesk run, seen on its connections: the baseline runs the same. */
import pg from 'pg'

export type SeenStatement = { text: string; values: unknown[] }

/** Tables that only say who is asking: the baseline knows nobody. */
const ABOUT_PEOPLE = /\bstaff_session\b/

type Query = typeof pg.Client.prototype.query

/** Watches every statement of this process from now on. */
export function watchStatements(): {
  during<T>(work: () => Promise<T>): Promise<SeenStatement[]>
  stop(): void
} {
  // eslint-disable-next-line typescript/unbound-method -- it is put back and called on the client it came from
  const original: Query = pg.Client.prototype.query
  let seen: SeenStatement[] | null = null
  function watching(this: pg.Client, ...args: Parameters<Query>): unknown {
    const statement = read(args)
    if (seen !== null && statement !== null && !ABOUT_PEOPLE.test(statement.text)) seen.push(statement)
    return original.apply(this, args)
  }
  Object.assign(pg.Client.prototype, { query: watching })
  return {
    async during(work) {
      const mine: SeenStatement[] = []
      seen = mine
      try {
        await work()
      } finally {
        seen = null
      }
      return mine
    },
    stop: () => void Object.assign(pg.Client.prototype, { query: original }),
  }
}

function read(args: readonly unknown[]): SeenStatement | null {
  const [first, second] = args
  if (typeof first === 'string') return { text: first, values: Array.isArray(second) ? second : [] }
  if (typeof first !== 'object' || first === null || !('text' in first) || typeof first.text !== 'string')
    return null
  const values =
    'values' in first && Array.isArray(first.values) ? first.values : Array.isArray(second) ? second : []
  return { text: first.text, values }
}
