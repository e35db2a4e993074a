import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { RECON_KINDS } from '../../features/reconciliation/recon-types.ts'
import { ReconciliationScreen } from '../../features/reconciliation/reconciliation-screen.tsx'
import { oneOf } from '../../lib/search-params.ts'

const DEFAULTS = { kind: 'disagree', open: '' } as const

const searchSchema = z.object({
  kind: oneOf(RECON_KINDS, DEFAULTS.kind),
  open: oneOf(['', 'run'], DEFAULTS.open),
})

export const Route = createFileRoute('/_app/reconciliation')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Reconciliation,
})

function Reconciliation() {
  const { kind, open } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <ReconciliationScreen
      kind={kind}
      open={open}
      onOpened={() => void navigate({ search: { kind, open: '' }, replace: true })}
    />
  )
}
