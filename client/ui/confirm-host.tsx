import { useSyncExternalStore } from 'react'
import { onConfirmChange, openConfirm } from './confirm-store.ts'
import { usePart } from './use-part.ts'

const load = () => import('./confirm-dialog.tsx')

/** Shows the dialog of `confirm()`; once a page, inside KitProvider. */
export function ConfirmHost() {
  const request = useSyncExternalStore(onConfirmChange, openConfirm)
  const part = usePart(load, request !== null, () => request?.settle(false))
  return request && part ? <part.ConfirmDialog key={request.title} request={request} /> : null
}
