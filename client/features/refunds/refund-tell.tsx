import { TELL_LANGUAGES, type TellLanguage } from '../../../server/domain/refund-tell.ts'
import { setPreference, usePreferences } from '../../lib/preferences.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { copyText } from '../../ui/copy-button.tsx'
import { Section } from '../../ui/page.tsx'
import { RadioLine } from '../../ui/radio-line.tsx'
import type { RefundDetail } from './refund-types.ts'
import css from './refund.module.css'

const NAMES: Readonly<Record<TellLanguage, string>> = { en: 'English', hi: 'Hindi' }

/** A ready sentence for the customer in the language chosen last; without one, why nothing can be promised. */
export function TellCustomer({ refund }: { refund: RefundDetail }) {
  const { tellLanguage: lang } = usePreferences()
  const { tellCustomer } = refund
  if (tellCustomer === null)
    return (
      <Section title="What to tell the customer">
        <p className="muted">Nothing: nothing was refunded by this request.</p>
      </Section>
    )
  const sentence = tellCustomer[lang]
  const name = NAMES[lang]
  return (
    <Section title="What to tell the customer" end={<LanguageChoice chosen={lang} />}>
      <div className={css['tell']}>
        <p lang={lang} className={css['sentence']}>
          {sentence}
        </p>
        <ActionButton
          label={`Copy the ${name} sentence`}
          onPress={() => void copyText(sentence, `${name} sentence`)}
        >
          Copy
        </ActionButton>
      </div>
    </Section>
  )
}

function LanguageChoice({ chosen }: { chosen: TellLanguage }) {
  return (
    <RadioLine
      label="Language for the customer"
      options={TELL_LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
      value={chosen}
      onChange={(value) => setPreference('tellLanguage', value)}
    />
  )
}
