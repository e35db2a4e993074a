import IconRefresh from '@tabler/icons-react/dist/esm/icons/IconRefresh.mjs'
import { tooManyText, waitText } from '../../../server/domain/check-words.ts'
import { useCan } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useLeftMs, type Wait } from '../../ui/date-time.tsx'
import type { StatusCheck } from './order-types.ts'

/** How long Juspay wants to be left alone, from now on: our clock and the server's may differ. */
export function waitOf({ retryAt, checkedAt }: StatusCheck): Wait | null {
  return retryAt && { from: new Date(), ms: retryAt.getTime() - checkedAt.getTime() }
}

type CheckButtonProps = { busy: boolean; wait: Wait | null; onPress: () => void }

/** Asks Juspay now; while Juspay takes no more questions it counts down to the next. */
export function CheckButton({ busy, wait, onPress }: CheckButtonProps) {
  const canSync = useCan('order:sync')
  const leftMs = useLeftMs(wait)
  return (
    <ActionButton
      shortcut={{ id: 'order.check', keys: 'S', label: 'Check status with Juspay', group: 'This record' }}
      icon={<IconRefresh size={16} stroke={1.75} aria-hidden />}
      busy={busy}
      disabledReason={canSync.reason ?? (leftMs > 0 ? tooManyText(leftMs) : null)}
      onPress={onPress}
    >
      {busy ? 'Checking…' : leftMs > 0 ? `Check in ${waitText(leftMs)}` : 'Check status'}
    </ActionButton>
  )
}
