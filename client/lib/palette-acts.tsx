import type { Permission } from '../../server/domain/permission.ts'
import { useShortcut } from '../ui/use-shortcut.ts'
import { useCan, useSession } from './session.ts'

/**
 * What can be begun from anywhere (design §3.3): each leads to the page that does it, with what opens its form there, so
 * that there is one way to do it. A page that is open offers the same act under the same id, with its key.
 */
type PaletteStart = {
  id: string
  label: string
  to: string
  needs: Permission
  sandboxOnly?: boolean
  keywords: string
}

export const PALETTE_STARTS: readonly PaletteStart[] = [
  {
    id: 'bulk.new',
    label: 'Start bulk refund',
    to: '/refunds/bulk/new',
    needs: 'refund:bulk',
    keywords: 'new batch upload file',
  },
  {
    id: 'recon.run',
    label: 'Run reconciliation',
    to: '/reconciliation?open=run',
    needs: 'recon:run',
    keywords: 'check status juspay',
  },
  {
    id: 'staff.add',
    label: 'Add a person',
    to: '/users?open=add',
    needs: 'user:manage',
    keywords: 'invite user',
  },
  {
    id: 'policy.edit',
    label: 'Edit refund policy',
    to: '/settings?section=policy',
    needs: 'settings:write',
    keywords: 'approval limits rules',
  },
  {
    id: 'sandbox.simulate',
    label: 'Simulate a payment',
    to: '/sandbox?open=simulate',
    needs: 'sandbox:use',
    sandboxOnly: true,
    keywords: 'test order',
  },
  {
    id: 'sandbox.webhook',
    label: 'Send a test webhook',
    to: '/sandbox?open=webhook',
    needs: 'sandbox:use',
    sandboxOnly: true,
    keywords: 'event',
  },
]

/** Offers them in the palette; who may not do one is told why. */
export function PaletteStarts({ go }: { go: (to: string) => void }) {
  const { environment } = useSession().account
  return PALETTE_STARTS.filter(({ sandboxOnly }) => !sandboxOnly || environment === 'sandbox').map(
    (start) => <Start key={start.id} start={start} go={go} />,
  )
}

function Start({ start, go }: { start: PaletteStart; go: (to: string) => void }) {
  const { id, label, keywords, to, needs } = start
  const disabledReason = useCan(needs).reason
  useShortcut({ id, label, keywords, group: 'Start', disabledReason, run: () => go(to) })
  return null
}
