import { CopyButton } from './copy-button.tsx'
import css from './states.module.css'

/** What support finds a fault by; nothing where there is none. */
export function ProblemReference({ requestId }: { requestId?: string | null | undefined }) {
  if (!requestId) return null
  return (
    <p className={css['reference']}>
      Reference <span className="mono">{requestId}</span>
      <CopyButton text={requestId} what="reference" />
    </p>
  )
}
