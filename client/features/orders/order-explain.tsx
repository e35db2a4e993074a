import { useState } from 'react'
import type { TellChannel } from '../../../server/domain/order-tell.ts'
import type { TellLanguage } from '../../../server/domain/refund-tell.ts'
import { setPreference, usePreferences } from '../../lib/preferences.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { copyMarked } from '../../ui/copy-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { RadioLine } from '../../ui/radio-line.tsx'
import type { OrderDetail } from './order-types.ts'
import css from './order-explain.module.css'

const LANGUAGES: readonly { value: TellLanguage; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'hi', label: 'Hindi' },
]
const CHANNELS: readonly { value: TellChannel; label: string }[] = [
  { value: 'sms', label: 'SMS' },
  { value: 'whatsapp', label: 'WhatsApp' },
  { value: 'email', label: 'E-mail' },
]

/**
 * What happened in one sentence, what is next and by when, what may be promised, and a text for the customer that one
 * press copies (journey S2). Language and channel are remembered.
 */
export function OrderExplain({ order }: { order: OrderDetail }) {
  const { explanation } = order
  const { sentence, next, promise, avoid } = explanation
  return (
    <section className={css['card']} aria-label="What to say about this order">
      <div className={css['told']}>
        <p className={css['sentence']}>{sentence}</p>
        <dl className={css['said']}>
          <dt>Next</dt>
          <dd>
            {next.text}
            {next.at ? (
              <>
                {' '}
                <DateTime at={next.at} format={next.day ? 'date' : 'full'} />
              </>
            ) : null}
          </dd>
          <dt>You may say</dt>
          <dd>{promise}</dd>
          {avoid === null ? null : (
            <>
              <dt>Do not promise</dt>
              <dd>{avoid}</dd>
            </>
          )}
        </dl>
        <ol className={css['steps']} aria-label="Steps of the payment">
          {explanation.steps.map(({ name, state }) => (
            <li key={name} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
              {name}
              <span className="visually-hidden"> {STEP_WORDS[state]}</span>
            </li>
          ))}
        </ol>
      </div>
      <CustomerText customer={explanation.customer} />
    </section>
  )
}

const STEP_WORDS = { done: 'done', now: 'under way', failed: 'failed', open: 'not begun' } as const

function CustomerText({ customer }: { customer: OrderDetail['explanation']['customer'] }) {
  const { tellLanguage: language, tellChannel: channel } = usePreferences()
  const [copied, setCopied] = useState<string | null>(null)
  const { text, note } = textOf(customer[language], channel)
  async function copy() {
    if (await copyMarked(text, 'text for the customer')) setCopied(text)
  }
  return (
    <div className={css['customer']}>
      <div className={css['choices']}>
        <RadioLine
          label="Language for the customer"
          options={LANGUAGES}
          value={language}
          onChange={(value) => setPreference('tellLanguage', value)}
        />
        <RadioLine
          label="How it is sent"
          options={CHANNELS}
          value={channel}
          onChange={(value) => setPreference('tellChannel', value)}
        />
      </div>
      <p lang={language} className={css['text']}>
        {text}
      </p>
      <div className={css['copy']}>
        <ActionButton
          label="Copy for customer"
          shortcut={{ id: 'order.tell', keys: 'M', label: 'Copy for customer', group: 'This record' }}
          onPress={() => void copy()}
        >
          {copied === text ? 'Copied' : 'Copy for customer'}
        </ActionButton>
        {'share' in navigator ? <ActionButton onPress={() => void share(text)}>Share</ActionButton> : null}
        <span className="caption">{note}</span>
      </div>
    </div>
  )
}

/** Closing the sheet without a choice is no error. */
async function share(text: string): Promise<void> {
  await navigator.share({ text }).catch(() => undefined)
}

function textOf(
  texts: OrderDetail['explanation']['customer'][TellLanguage],
  channel: TellChannel,
): { text: string; note: string | null } {
  switch (channel) {
    case 'sms':
      return { text: texts.sms.text, note: texts.sms.parts === 1 ? '1 SMS' : `${texts.sms.parts} SMS` }
    case 'whatsapp':
      return { text: texts.whatsapp.text, note: null }
    case 'email':
      return { text: texts.email.text, note: `Subject: ${texts.email.subject}` }
  }
}
