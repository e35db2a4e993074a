/** Every file there is to take away, by its route and with who may take it: for tests that look into all of them. */
import { ORDER_COLUMNS } from '../../server/domain/order-columns.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../../server/domain/order-export.ts'
import type { Permission } from '../../server/domain/permission.ts'
import { unzip } from '../../server/services/bulk/unzip.ts'
import type { SignedIn, TestApp } from './app.ts'
import { askFile, listFile } from './export-files.ts'
import type { PersonalOrder } from './personal-order.ts'

type Download = {
  /** Who has it may take the file. */
  permission: Permission
  /** Where the files lie for somebody; what they must first ask for themselves is asked for. */
  paths: (made: PersonalOrder, person: SignedIn, may: boolean) => string[] | Promise<string[]>
  /** In how many cells at least stands what others wrote, however little there is; null for what is no table. */
  foreignCells: number | null
}

/** All there is of an order; the filter, which a file says too, begins as a formula does. */
const whole = (format: ExportFormat) =>
  listFile({ q: '-tag:nobodys', columns: ORDER_COLUMNS.map(({ id }) => id), format })

/** By the address of the route as it is registered. */
export const DOWNLOADS: Readonly<Record<string, Download>> = {
  '/downloads/event-bodies.ndjson': {
    permission: 'event:payload',
    foreignCells: null,
    paths: ({ eventIds, unreadableId }) => {
      const scope = JSON.stringify({ kind: 'events', ids: [...eventIds, unreadableId] })
      return [`/downloads/event-bodies.ndjson?scope=${encodeURIComponent(scope)}`]
    },
  },
  '/downloads/exports/:exportId': {
    permission: 'export:create',
    foreignCells: 20,
    paths: async ({ exportId }, person, may) => {
      if (!may) return [`/downloads/exports/${exportId}`]
      const asked = EXPORT_FORMATS.map((format) => askFile(person, whole(format)))
      return (await Promise.all(asked)).map(({ id }) => `/downloads/exports/${id}`)
    },
  },
  '/downloads/refunds.csv': {
    permission: 'export:create',
    foreignCells: 11,
    paths: () => ['/downloads/refunds.csv'],
  },
  '/downloads/refunds.xlsx': {
    permission: 'export:create',
    foreignCells: 11,
    paths: () => ['/downloads/refunds.xlsx'],
  },
  '/downloads/replays/:file': {
    permission: 'event:read',
    foreignCells: 15,
    paths: ({ jobId }) => [`/downloads/replays/${jobId}.csv`],
  },
  '/downloads/bulk-template.csv': {
    permission: 'refund:bulk',
    foreignCells: 0,
    paths: () => ['/downloads/bulk-template.csv'],
  },
  '/downloads/bulk/:batchId.:kind': {
    permission: 'refund:bulk',
    foreignCells: 20,
    paths: ({ batchId }) => [`/downloads/bulk/${batchId}.csv`, `/downloads/bulk/${batchId}.xlsx`],
  },
}

/** What answers a GET and gives no file: the machine's own words, a redirect, and the reads that other tests go through. */
const NO_FILES = ['/healthz', '/readyz', '/metrics', '/payments/return/:account', '/trpc/:path']

/** Routes of files as the server has registered them. */
export function registeredDownloads(app: TestApp): string[] {
  const routes = app.paydesk.app.printRoutes({ commonPrefix: false, method: 'GET' })
  const urls = [...routes.matchAll(/── (\S+) \(/g)].map(([, url = '']) => url)
  return urls.filter((url) => !NO_FILES.includes(url)).toSorted()
}

/** The text of a file, and of a workbook that of each of its parts. */
export function textsOf(bytes: Buffer): Readonly<Record<string, string>> {
  if (bytes.subarray(0, 2).toString() !== 'PK') return { text: bytes.toString() }
  const archive = unzip(bytes)
  return Object.fromEntries(archive.names.map((name) => [name, archive.read(name)?.toString() ?? '']))
}
