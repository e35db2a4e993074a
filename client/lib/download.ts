/** Addresses of files. A scope travels as JSON: the server parses it as strictly as that of any call. */
export const downloadPath = {
  /** Bodies of events, masked, one a line. */
  bodies: (scope: object): string =>
    `/downloads/event-bodies.ndjson?scope=${encodeURIComponent(JSON.stringify(scope))}`,
  /** Events of a replay with their effect. */
  replay: (jobId: string): string => `/downloads/replays/${encodeURIComponent(jobId)}.csv`,
  /** Rows of a batch of refunds with what became of them, as the kind of file that the batch was made from. */
  bulk: ({ id, name }: { id: string; name: string }): string =>
    `/downloads/bulk/${encodeURIComponent(id)}.${/\.xlsx$/i.test(name) ? 'xlsx' : 'csv'}`,
  /** A file of the transactions list. */
  orders: (exportId: string): string => `/downloads/exports/${encodeURIComponent(exportId)}`,
  /** An empty file of refunds. */
  bulkTemplate: '/downloads/bulk-template.csv',
}

/** Has the browser save a file of ours, as a press on its link would. */
export function saveFile(path: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.click()
}
