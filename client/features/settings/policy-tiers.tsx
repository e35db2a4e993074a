import { ROLE_LABELS, type Role } from '../../../server/domain/permission.ts'
import { TIERS_MAX } from '../../../server/domain/approval-policy.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/fields.tsx'
import { MoneyInput } from '../../ui/money-input.tsx'
import { CheckboxGroup } from './checkbox-group.tsx'
import { newTier, tierProblem, type ReasonDraft, type TierDraft } from './policy-draft.ts'
import css from './settings.module.css'

const ENVIRONMENTS = [
  { value: 'any', label: 'Sandbox and production' },
  { value: 'production', label: 'Production only' },
  { value: 'sandbox', label: 'Sandbox only' },
] as const

type TiersProps = {
  tiers: readonly TierDraft[]
  reasons: readonly ReasonDraft[]
  roles: readonly Role[]
  currency: string
  onChange: (tiers: readonly TierDraft[]) => void
}

/** Rules that are stricter than the line. Each can only ever make more refunds need a second person. */
export function PolicyTiers({ tiers, reasons, roles, currency, onChange }: TiersProps) {
  const saved = reasons.flatMap(({ code, label }) => (code === null ? [] : [{ value: code, label }]))
  const roleOptions = roles.map((role) => ({ value: role, label: ROLE_LABELS[role] }))
  return (
    <div className={css['rows']}>
      {tiers.length === 0 ? <p className="muted">None. The approval line holds for every refund.</p> : null}
      {tiers.map((tier, at) => {
        const change = (part: Partial<TierDraft>) =>
          onChange(tiers.map((other) => (other.key === tier.key ? { ...tier, ...part } : other)))
        return (
          <fieldset key={tier.key} className={css['card']}>
            <legend className={css['legend']}>Rule {at + 1}</legend>
            <FieldRow>
              <MoneyInput
                label="Approval above"
                currency={currency}
                draft={tier.above}
                onChange={(above) => change({ above })}
                hint="0.00: always."
              />
              <TextField
                label="Days since the payment"
                inputMode="numeric"
                value={tier.days}
                onChange={(days) => change({ days })}
                error={tier.above.minor === null ? null : tierProblem(tier, currency)}
                hint="At least so many. 0 is any time."
              />
              <SelectField
                label="Environment"
                value={tier.environment}
                onChange={(environment) => change({ environment })}
                options={ENVIRONMENTS}
              />
            </FieldRow>
            <CheckboxGroup
              label="Reasons (none is any)"
              options={saved}
              chosen={tier.reasons}
              onChange={(chosen) => change({ reasons: [...chosen] })}
            />
            <CheckboxGroup
              label="Asked for by (none is anyone)"
              options={roleOptions}
              chosen={tier.roles}
              onChange={(chosen) => change({ roles: [...chosen] })}
            />
            <ActionButton
              tone="quiet"
              label={`Remove rule ${at + 1}`}
              onPress={() => onChange(tiers.filter(({ key }) => key !== tier.key))}
            >
              Remove rule
            </ActionButton>
          </fieldset>
        )
      })}
      <div>
        <ActionButton
          disabledReason={tiers.length >= TIERS_MAX ? `There are ${TIERS_MAX} rules at most.` : null}
          onPress={() => onChange([...tiers, newTier()])}
        >
          Add rule
        </ActionButton>
      </div>
    </div>
  )
}
