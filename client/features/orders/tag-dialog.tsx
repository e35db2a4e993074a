import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { actProblemText } from '../../lib/errors.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { TextField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { SelectedRows } from './use-selection.ts'
import { useTagChanges } from './use-tag-changes.ts'

type TagDialogProps = {
  count: number
  /** The orders meant, read when the tag is put on them. */
  read: () => Promise<SelectedRows>
  onClose: () => void
}

const COUNT = new Intl.NumberFormat('en-IN')
const ordersText = (count: number): string => `${COUNT.format(count)} ${count === 1 ? 'order' : 'orders'}`

/** Asks for a tag and puts it on all selected orders, or on none. */
export function TagDialog({ count, read, onClose }: TagDialogProps) {
  const trpc = useTRPC()
  const { add, remove } = useTagChanges()
  const known = useQuery(trpc.tags.known.queryOptions())
  const [tag, setTag] = useState('')
  const [error, setError] = useState<string | null>(null)

  /** Takes it off those that had not had it before. */
  async function undo(orderIds: string[]) {
    try {
      await remove.mutateAsync({ orderIds, tag })
    } catch (problem) {
      tellActProblem(problem)
    }
  }
  async function save() {
    try {
      const { rows, changed } = await read()
      if (rows.length === 0) {
        setError('All of them changed since they were selected. Select them again.')
        return null
      }
      const done = await add.mutateAsync({ orderIds: rows.map(({ id }) => id), tags: [tag] })
      onClose()
      const left =
        changed === 0 ? '' : ` ${COUNT.format(changed)} left out: changed since they were selected.`
      if (done.added === 0) toast.info(`All of them had this tag already.${left}`)
      else toast.undo(`Tagged ${ordersText(done.orderIds.length)}.${left}`, () => void undo(done.orderIds))
    } catch (problem) {
      // What was typed stays.
      setError(actProblemText(problem))
    }
    return null
  }
  return (
    <FormDialog
      id="tag.save"
      title={`Add a tag to ${ordersText(count)}`}
      width={440}
      verb="Add tag"
      missing={tag.trim() === '' ? 'Type a tag.' : null}
      enter
      run={save}
      onClose={onClose}
    >
      <TextField
        label="Tag"
        value={tag}
        onChange={(next) => {
          setTag(next)
          setError(null)
        }}
        offers={known.data?.map((one) => one.tag)}
        error={error}
        hint="A short word that everybody sees. Find them again with tag: in the filter."
        autoFocus
      />
    </FormDialog>
  )
}
