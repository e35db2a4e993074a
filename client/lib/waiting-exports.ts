/**
 * The files of this person that are being made, wherever they are in the dashboard: each is told of once when it ends,
 * also when the page was loaded again meanwhile (design §3.12, §3.18).
 */
import { useQuery } from '@tanstack/react-query'
import type { inferOutput } from '@trpc/tanstack-react-query'
import { useEffect, useRef, useState } from 'react'
import { toast } from '../ui/toasts.tsx'
import { whenIdle } from '../ui/when-idle.ts'
import { downloadPath } from './download.ts'
import { useCan } from './session.ts'
import { useTRPC } from './trpc.ts'

export type ExportFile = inferOutput<ReturnType<typeof useTRPC>['exports']['list']>[number]

/** While a file is being made it is asked for this often; otherwise not at all. */
const WATCH_MS = 5_000
/** Ids of files that were being made when this tab last knew. */
const KEY = 'paydesk.exports'
const COUNT = new Intl.NumberFormat('en-IN')

/** The files that are being made now. */
export function useWaitingExports(): readonly ExportFile[] {
  const trpc = useTRPC()
  const { allowed } = useCan('export:create')
  // The page on screen comes first.
  const [idle, setIdle] = useState(false)
  useEffect(() => whenIdle(() => setIdle(true)), [])
  const { data } = useQuery(
    trpc.exports.list.queryOptions(undefined, {
      enabled: allowed && idle,
      refetchInterval: ({ state }) => (state.data?.some(isWaiting) ? WATCH_MS : false),
    }),
  )
  const known = useRef<readonly string[] | null>(null)
  useEffect(() => {
    if (!data) return
    const before = known.current ?? readIds()
    for (const file of data) if (before.includes(file.id) && !isWaiting(file)) tellEnd(file)
    known.current = data.filter(isWaiting).map(({ id }) => id)
    keepIds(known.current)
  }, [data])
  return data?.filter(isWaiting) ?? []
}

const isWaiting = ({ status }: ExportFile): boolean => status === 'waiting'

function tellEnd({ id, fileName, status, written, note }: ExportFile): void {
  if (status === 'ready')
    toast.ready(`${fileName} is ready: ${COUNT.format(written)} orders.`, {
      label: 'Download',
      href: downloadPath.orders(id),
    })
  else toast.error(`${fileName} could not be made.`, note ?? '')
}

function readIds(): readonly string[] {
  try {
    return sessionStorage.getItem(KEY)?.split(' ') ?? []
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
