/** Rows of a list that are asked for again and put where they stand: no row moves under the reader. */
import { useQueryClient, type InfiniteData, type QueryKey } from '@tanstack/react-query'
import { useRef } from 'react'
import { hashQueryKey } from './query-key.ts'

/** Ids that one question may name. */
export const QUESTION_IDS = 100

type Listed<Row> = InfiniteData<{ rows: readonly Row[] }, unknown>

type Renewal<Row> = {
  /** Of the list's pages. */
  queryKey: QueryKey
  /** Asks for rows by at most {@link QUESTION_IDS} ids. */
  ask: (ids: readonly string[]) => Promise<readonly Row[]>
  /** All ids by which a row may have been asked for. */
  idsOf: (row: Row) => readonly string[]
  /** Hears of rows that say something else than before. */
  onRenewed: (ids: readonly string[]) => void
}

/**
 * Renews rows by their ids, one question after the other: an earlier answer never comes over a later one. The promise
 * is broken when the rows could not be had; they stay as they were.
 */
export function useRowRenewal<Row extends { id: string }>({ queryKey, ask, idsOf, onRenewed }: Renewal<Row>) {
  const client = useQueryClient()
  const last = useRef<Promise<unknown>>(Promise.resolve())

  async function once(ids: readonly string[]) {
    const fresh = (await Promise.all(inQuestions(ids).map(ask))).flat()
    const byId = new Map(fresh.flatMap((row) => idsOf(row).map((id) => [id, row])))
    const changed = new Set<string>()
    const current = (row: Row): Row => {
      const now = byId.get(idsOf(row).find((id) => byId.has(id)) ?? '')
      if (now === undefined || isSameRow(row, now)) return row
      changed.add(now.id)
      return now
    }
    const query = client.getQueryCache().find<Listed<Row>>({ queryKey })
    if (query === undefined) return
    const put = () =>
      client.setQueryData<Listed<Row>>(queryKey, (data) => data && withRows(data, current), {
        // Rows that were not asked for are as old as before.
        updatedAt: query.state.dataUpdatedAt,
      })
    put()
    // A page that is on its way brings those along that stood when it was asked for.
    if (query.state.fetchStatus === 'fetching') void query.promise?.then(put, put)
    onRenewed([...changed])
  }

  return (ids: readonly string[]): Promise<void> => {
    const run = last.current.then(() => once(ids))
    last.current = run.catch(() => undefined)
    return run
  }
}

/** The same pages where no row is another. */
function withRows<Row>(data: Listed<Row>, current: (row: Row) => Row): Listed<Row> {
  const pages = data.pages.map((page) => {
    const rows = page.rows.map(current)
    return rows.some((row, at) => row !== page.rows[at]) ? { ...page, rows } : page
  })
  return { ...data, pages }
}

function inQuestions(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / QUESTION_IDS) }, (_, i) =>
    ids.slice(i * QUESTION_IDS, (i + 1) * QUESTION_IDS),
  )
}

/** Whether a row that was asked for again says what it said before. */
function isSameRow<Row>(row: Row, fresh: Row): boolean {
  return hashQueryKey([row]) === hashQueryKey([fresh])
}
