/**
 * The files of this person that are being made, wherever they are in the dashboard: each is told of once when it ends,
 * also when the page was loaded again meanwhile (design §3.12, §3.18).
 */
import { useQueryClient } from '@tanstack/react-query'
import type { inferOutput } from '@trpc/tanstack-react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { toast } from '../ui/toasts.tsx'
import { presence } from './departure.ts'
import { downloadPath } from './download.ts'
import { useTRPC } from './trpc.ts'

export type ExportFile = inferOutput<ReturnType<typeof useTRPC>['exports']['list']>[number]

/** Ids of files that were being made when this tab last knew. */
const KEY = 'paydesk.exports'
const COUNT = new Intl.NumberFormat('en-IN')

/** @param waiting the files that are being made now; undefined while nobody knows */
export function useExportEnds(waiting: readonly Pick<ExportFile, 'id'>[] | undefined): void {
  const trpc = useTRPC()
  const client = useQueryClient()
  const known = useRef<readonly string[] | null>(null)
  const know = (ids: readonly string[]) => {
    known.current = ids
    keepIds(ids)
  }

  const tell = useEffectEvent(async (ended: readonly string[]) => {
    const here = presence()
    try {
      const files = await client.fetchQuery(trpc.exports.list.queryOptions(undefined, { staleTime: 0 }))
      if (here()) for (const file of files) if (ended.includes(file.id)) tellEnd(file)
    } catch {
      // They are told of the next time that it is known what is being made.
      if (here()) know([...(known.current ?? []), ...ended])
    }
  })
  useEffect(() => {
    if (!waiting) return
    const now = waiting.map(({ id }) => id)
    const ended = (known.current ?? readIds()).filter((id) => !now.includes(id))
    know(now)
    if (ended.length > 0) void tell(ended)
  }, [waiting])
}

function tellEnd({ id, fileName, status, written, note }: ExportFile): void {
  if (status === 'ready')
    toast.ready(`${fileName} is ready: ${COUNT.format(written)} orders.`, {
      label: 'Download',
      href: downloadPath.orders(id),
    })
  else if (status === 'failed') toast.error(`${fileName} could not be made.`, note ?? '')
}

function readIds(): readonly string[] {
  try {
    return sessionStorage.getItem(KEY)?.split(' ').filter(Boolean) ?? []
  } catch {
    // Storage is off: a file that ends while the page is loaded again is not told of.
    return []
  }
}

function keepIds(ids: readonly string[]): void {
  try {
    sessionStorage.setItem(KEY, ids.join(' '))
  } catch {
    // As above.
  }
}
