import { useState } from 'react'
import { ActionButton } from '../../ui/action-button.tsx'
import { copyText } from '../../ui/copy-button.tsx'
import { Section } from '../../ui/page.tsx'
import css from './security.module.css'

/** Recovery codes, this once. */
export function RecoveryCodes({ codes, onSaved }: { codes: readonly string[]; onSaved: () => void }) {
  const [saved, setSaved] = useState(false)
  const text = codes.join('\n')
  return (
    <Section title="Your recovery codes">
      <p>
        Each signs you in once when the phone is lost. They are shown only now; keep them where the phone is
        not.
      </p>
      <ul className={css['codes']} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code} className="mono">
            {code}
          </li>
        ))}
      </ul>
      <div className={css['actions']}>
        <ActionButton onPress={() => void copyText(text, 'recovery codes')}>Copy</ActionButton>
        <ActionButton onPress={() => window.print()}>Print</ActionButton>
      </div>
      <label className={css['saved']}>
        <input type="checkbox" checked={saved} onChange={(event) => setSaved(event.target.checked)} />I have
        saved these
      </label>
      <div className={css['actions']}>
        <ActionButton
          tone="primary"
          disabledReason={saved ? null : 'Save the codes first: they are not shown again.'}
          onPress={onSaved}
        >
          Done
        </ActionButton>
      </div>
    </Section>
  )
}
