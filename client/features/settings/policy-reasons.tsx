import { REASONS_MAX } from '../../../server/domain/refund-reason.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { newReason, reasonProblem, type ReasonDraft } from './policy-draft.ts'
import css from './settings.module.css'

type ReasonsProps = {
  reasons: readonly ReasonDraft[]
  onChange: (reasons: readonly ReasonDraft[]) => void
}

/** The reasons people choose from. One that was saved keeps its name: refunds made with it would else say another. */
export function PolicyReasons({ reasons, onChange }: ReasonsProps) {
  return (
    <div className={css['rows']}>
      <div className={css['reason']} aria-hidden>
        <span className="muted">Reason</span>
        <span className="muted">Shortest note</span>
      </div>
      <ul className={css['reasons']}>
        {reasons.map((reason) => {
          const change = (part: Partial<ReasonDraft>) =>
            onChange(reasons.map((other) => (other.key === reason.key ? { ...reason, ...part } : other)))
          const problem = reasonProblem(reason, reasons)
          const name = reason.label.trim() || 'New reason'
          return (
            <li key={reason.key} className={css['reason']}>
              {reason.code === null ? (
                <TextField
                  label="New reason"
                  hideLabel
                  placeholder="Damaged in transit"
                  maxLength={40}
                  value={reason.label}
                  onChange={(label) => change({ label })}
                  error={reason.label === '' ? null : problem}
                />
              ) : (
                <span>{reason.label}</span>
              )}
              <TextField
                label={`Shortest note for ${name}`}
                hideLabel
                inputMode="numeric"
                value={reason.noteMinLength}
                onChange={(noteMinLength) => change({ noteMinLength })}
                error={reason.code === null ? null : problem}
              />
              {reason.code === null ? (
                <ActionButton
                  tone="quiet"
                  label={`Remove ${name}`}
                  onPress={() => onChange(reasons.filter(({ key }) => key !== reason.key))}
                >
                  Remove
                </ActionButton>
              ) : (
                <label className={css['option']}>
                  <input
                    type="checkbox"
                    checked={reason.active}
                    aria-label={`Offer ${name}`}
                    onChange={() => change({ active: !reason.active })}
                  />
                  Offered
                </label>
              )}
            </li>
          )
        })}
      </ul>
      <p className="muted">Notes are counted in characters; 0 asks for none.</p>
      <div>
        <ActionButton
          disabledReason={reasons.length >= REASONS_MAX ? `There are ${REASONS_MAX} reasons at most.` : null}
          onPress={() => onChange([...reasons, newReason()])}
        >
          Add reason
        </ActionButton>
      </div>
    </div>
  )
}
