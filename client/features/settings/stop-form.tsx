import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { stopReasonProblem, STOP_REASON_MAX } from '../../../server/domain/refund-stop.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { FieldRow, SelectField, TextAreaField } from '../../ui/fields.tsx'
import { toast } from '../../ui/toasts.tsx'
import css from './settings.module.css'

const HOUR_MS = 3_600_000
const ENDS = [
  { value: 'lifted', label: 'When somebody lifts it', ms: null },
  { value: 'hour', label: 'In 1 hour', ms: HOUR_MS },
  { value: 'hours', label: 'In 4 hours', ms: 4 * HOUR_MS },
  { value: 'day', label: 'In 24 hours', ms: 24 * HOUR_MS },
  { value: 'week', label: 'In 7 days', ms: 168 * HOUR_MS },
] as const
type Ends = (typeof ENDS)[number]['value']
const ALL = ''

/** Stops all refunds, or those of one gateway, with a reason and an end. */
export function StopForm() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const can = useCan('refund:stop')
  const set = useMutation(trpc.stops.set.mutationOptions())
  const facets = useQuery(trpc.orders.facets.queryOptions({ from: null, to: null }))
  const [gateway, setGateway] = useState(ALL)
  const [ends, setEnds] = useState<Ends>('lifted')
  const [reason, setReason] = useState('')
  const what = gateway === ALL ? 'all refunds' : `refunds through ${gatewayLabel(gateway)}`
  const end = ENDS.find(({ value }) => value === ends) ?? ENDS[0]

  async function stop() {
    const done = await confirm({
      title: `Stop ${what}?`,
      facts: [
        { label: 'Because', value: reason.trim() },
        { label: 'Ends', value: end.label },
      ],
      next: [
        'Nothing more is sent from now on. What Juspay has already goes on.',
        'Requests are taken and wait; everybody sees a note on every page.',
        'An admin can lift it.',
      ],
      verb: `Stop ${what}`,
      run: () =>
        outcomeOf(() =>
          set.mutateAsync({
            gateway: gateway === ALL ? null : gateway,
            reason: reason.trim(),
            expiresAt: end.ms === null ? null : new Date(Date.now() + end.ms),
          }),
        ),
    })
    if (!done) return
    setReason('')
    toast.success(`Stopped ${what}.`)
    await client.invalidateQueries({ queryKey: trpc.stops.pathKey() })
  }
  const problem = can.allowed ? stopReasonProblem(reason) : can.reason
  return (
    <div className={css['form']}>
      <FieldRow>
        <SelectField
          label="What"
          value={gateway}
          onChange={setGateway}
          options={[
            { value: ALL, label: 'All refunds' },
            ...(facets.data?.gateways ?? []).map((code) => ({ value: code, label: gatewayLabel(code) })),
          ]}
        />
        <SelectField
          label="Ends"
          value={ends}
          onChange={setEnds}
          options={ENDS.map(({ value, label }) => ({ value, label }))}
        />
      </FieldRow>
      <TextAreaField
        label="Reason, shown to everybody"
        required
        maxLength={STOP_REASON_MAX}
        value={reason}
        onChange={setReason}
      />
      <div className={css['actions']}>
        <ActionButton tone="danger" disabledReason={problem} onPress={() => void stop()}>
          {`Stop ${what}`}
        </ActionButton>
        {can.allowed ? null : <span className="caption">{can.reason}</span>}
      </div>
    </div>
  )
}
