import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { refundChip } from '../../lib/refund-chip.ts'
import { DateTime } from '../../ui/date-time.tsx'
import type { RefundDetail, RefundDisplay } from './refund-types.ts'
import css from './refund.module.css'

type Step = RefundDetail['steps'][number]

/** What each step is called before it has happened. */
const AHEAD: Readonly<Record<Step['name'], string>> = {
  Asked: 'Not asked',
  Approved: 'Not approved',
  Sent: 'Not sent',
  'With customer': 'Not with the customer',
}

/** Ends after which no further step comes. */
const STOPPED: ReadonlySet<RefundDisplay> = new Set(['failed', 'rejected', 'expired', 'withdrawn'])

/** A refund's way as a line of four: asked, approved, sent, with the customer, each with time and person. */
export function RefundSteps({ refund }: { refund: RefundDetail }) {
  // Nobody here approved or sent what was started elsewhere.
  const ours = refund.origin === 'paydesk'
  const steps = ours ? refund.steps : refund.steps.filter((step) => step.name !== 'Approved')
  const stoppedAt =
    STOPPED.has(refund.status) && !refund.confirming ? steps.findIndex((step) => step.at === null) : -1
  return (
    <ol className={css['steps']} aria-label="Steps of the refund">
      {steps.map((step, i) => {
        const stopped = i === stoppedAt
        return (
          <li
            key={step.name}
            className={css['step']}
            data-reached={step.at ? true : undefined}
            data-stopped={stopped || undefined}
          >
            <span className={css['node']} aria-hidden>
              {step.at ? (
                <IconCheck size={12} stroke={2.25} />
              ) : stopped ? (
                <IconX size={12} stroke={2.25} />
              ) : (
                i + 1
              )}
            </span>
            <span className={css['stepName']}>
              {stopped ? refundChip(refund)[1] : step.at ? step.name : <Ahead name={step.name} />}
            </span>
            <p className="caption">
              {step.at ? (
                <>
                  <DateTime at={step.at} />
                  {byText(step, ours)}
                </>
              ) : stopped ? (
                <StoppedBy refund={refund} />
              ) : refund.confirming ? (
                'Confirming with Juspay'
              ) : (
                'Not yet'
              )}
            </p>
          </li>
        )
      })}
    </ol>
  )
}

function byText({ name, by }: Step, ours: boolean): string | null {
  if (by === null || (name === 'Sent' && !ours)) return null
  return `, ${name === 'With customer' ? gatewayLabel(by) : by}`
}

/** On screen the step's name and "Not yet" below; in speech one phrase. */
function Ahead({ name }: { name: Step['name'] }) {
  return (
    <>
      <span aria-hidden>{name}</span>
      <span className="visually-hidden">{AHEAD[name]}</span>
    </>
  )
}

function StoppedBy({ refund }: { refund: RefundDetail }) {
  const at = refund.settledAt ?? refund.decidedAt
  const by = refund.status === 'rejected' ? refund.decidedBy?.name : null
  if (!at) return <>{refund.where}</>
  return (
    <>
      <DateTime at={at} />
      {by ? `, ${by}` : null}
    </>
  )
}
