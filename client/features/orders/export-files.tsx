import { useMutation, useQuery } from '@tanstack/react-query'
import { downloadPath } from '../../lib/download.ts'
import { useTRPC } from '../../lib/trpc.ts'
import type { ExportFile } from '../../lib/export-ends.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import css from './transactions.module.css'
import { useRenewFiles } from './use-renew-files.ts'

/** While a file is being made it is looked at this often. */
const WATCH_MS = 1_000
const COUNT = new Intl.NumberFormat('en-IN')

/** The files this person asked for: how far they are, links while they are kept. */
export function ExportFiles() {
  const trpc = useTRPC()
  const files = useQuery(
    trpc.exports.list.queryOptions(undefined, {
      refetchInterval: ({ state }) =>
        state.data?.some(({ status }) => status === 'waiting') ? WATCH_MS : false,
    }),
  )
  if (!files.data || files.data.length === 0) return null
  return (
    <section aria-label="Your files">
      <h3 className="section-heading">Your files</h3>
      <ul className={css['files']}>
        {files.data.map((file) => (
          <FileLine key={file.id} file={file} />
        ))}
      </ul>
    </section>
  )
}

function FileLine({ file }: { file: ExportFile }) {
  const trpc = useTRPC()
  const renewFiles = useRenewFiles()
  const remove = useMutation(trpc.exports.remove.mutationOptions())

  async function take() {
    try {
      await remove.mutateAsync({ exportId: file.id })
      await renewFiles()
    } catch (error) {
      tellActProblem(error)
    }
  }

  return (
    <li className={css['file']}>
      <span className={css['fileName']}>
        {file.status === 'ready' ? (
          <a href={downloadPath.orders(file.id)} download>
            {file.fileName}
          </a>
        ) : (
          file.fileName
        )}
        <span className="caption">
          {file.status === 'ready' ? (
            <>
              {COUNT.format(file.written)} orders, until <DateTime at={file.expiresAt} />
              {file.personal ? ', with personal data' : ''}
            </>
          ) : file.status === 'failed' ? (
            `Failed. ${file.note ?? ''}`
          ) : (
            `${COUNT.format(file.written)} of about ${COUNT.format(file.expected)} orders`
          )}
        </span>
      </span>
      {file.status === 'waiting' ? (
        <ProgressBar
          label={`Making ${file.fileName}`}
          done={file.written}
          total={Math.max(1, file.expected)}
        />
      ) : null}
      <ActionButton
        tone="quiet"
        busy={remove.isPending}
        label={`Delete ${file.fileName}`}
        onPress={() => void take()}
      >
        Delete
      </ActionButton>
    </li>
  )
}
