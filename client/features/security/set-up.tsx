import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { CodeField } from '../../lib/code-field.tsx'
import { toActProblem } from '../../lib/errors.ts'
import { QrCodeImage } from '../../lib/qr-code-image.tsx'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import css from './security.module.css'

type SetUpProps = {
  secret: string
  uri: string
  onDone: (recoveryCodes: readonly string[]) => void
  onCancel: () => void
}

/** Key into the app, first code out of it. */
export function SetUp({ secret, uri, onDone, onCancel }: SetUpProps) {
  const trpc = useTRPC()
  const confirm = useMutation(trpc.secondFactor.confirm.mutationOptions())
  const [code, setCode] = useState('')

  async function send(typed: string) {
    if (confirm.isPending) return
    try {
      const { recoveryCodes } = await confirm.mutateAsync({ code: typed })
      onDone(recoveryCodes)
    } catch {
      setCode('')
    }
  }
  const problem = confirm.error ? toActProblem(confirm.error) : null
  return (
    <Section title="Set up the second step">
      <ol className={css['steps']}>
        <li>
          <p>
            Scan this with your authenticator app. On the phone itself,{' '}
            <a href={uri}>open the app from here</a>, or type the key.
          </p>
          <QrCodeImage text={uri} label="QR code with the key for your authenticator app" />
          <p className={css['key']}>
            <span className="mono">{grouped(secret)}</span>
            <CopyButton text={secret} what="key" />
          </p>
        </li>
        <li>
          <p>Enter the code that the app shows now.</p>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              void send(code)
            }}
          >
            <CodeField value={code} onChange={setCode} onComplete={(typed) => void send(typed)} />
          </form>
        </li>
      </ol>
      {problem ? (
        <Notice tone="failed" title={problem.title}>
          {problem.message}
        </Notice>
      ) : null}
      <div className={css['actions']}>
        <ActionButton onPress={onCancel}>Cancel</ActionButton>
        <ActionButton
          tone="primary"
          busy={confirm.isPending}
          disabledReason={code.length < 6 ? 'Enter the 6 digits of the code.' : null}
          onPress={() => void send(code)}
        >
          Switch on
        </ActionButton>
      </div>
    </Section>
  )
}

/** "ABCD EFGH …", which is easier to type. */
function grouped(secret: string): string {
  return secret.replaceAll(/(.{4})(?=.)/g, '$1 ')
}
