import { ActionButton } from '../../ui/action-button.tsx'
import { copyText } from '../../ui/copy-button.tsx'
import { Section } from '../../ui/page.tsx'
import type { RefundDetail } from './refund-types.ts'
import css from './refund.module.css'

const LANGUAGES = [
  { lang: 'en', name: 'English' },
  { lang: 'hi', name: 'Hindi' },
] as const

/** A ready sentence for the customer, in English or Hindi; without one, why nothing can be promised yet. */
export function TellCustomer({ refund }: { refund: RefundDetail }) {
  const { tellCustomer } = refund
  return (
    <Section title="What to tell the customer">
      {tellCustomer === null ? (
        <p className="muted">Nothing yet: {untold(refund)}</p>
      ) : (
        LANGUAGES.map(({ lang, name }) => (
          <div key={lang} className={css['tell']}>
            <div>
              <p className={css['language']}>{name}</p>
              <p lang={lang} className={css['sentence']}>
                {tellCustomer[lang]}
              </p>
            </div>
            <ActionButton
              label={`Copy the ${name} sentence`}
              onPress={() => void copyText(tellCustomer[lang], `${name} sentence`)}
            >
              Copy
            </ActionButton>
          </div>
        ))
      )}
    </Section>
  )
}

function untold({ status }: RefundDetail): string {
  if (status === 'waiting_approval') return 'nobody has approved this refund.'
  if (status === 'approved' || status === 'sending') return 'it is not with Juspay yet.'
  return 'nothing was refunded by this request.'
}
