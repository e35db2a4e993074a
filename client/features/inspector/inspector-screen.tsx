import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { InspectedKind, Inspection } from '../../../server/domain/inspection.ts'
import { toActProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FieldRow, SelectField, TextAreaField, TextField } from '../../ui/fields.tsx'
import { Page, PageScroll, Section } from '../../ui/page.tsx'
import { ForbiddenState, Notice } from '../../ui/states.tsx'
import { KIND_OPTIONS, VERDICTS } from './inspector-words.ts'
import css from './inspector.module.css'

/** Says why a signature does not fit: for the developers who integrate. Nothing that is pasted is kept. */
export function InspectorScreen() {
  const can = useCan('settings:read')
  return (
    <Page title="Inspector">
      <PageScroll>
        {can.allowed ? (
          <Inspector />
        ) : (
          <ForbiddenState title="You can't use the inspector." hint={`${can.reason} Ask an admin.`} />
        )}
      </PageScroll>
    </Page>
  )
}

type Draft = { text: string; signature: string; merchantKeyId: string; authorization: string; body: string }
const BLANK: Draft = { text: '', signature: '', merchantKeyId: '', authorization: '', body: '' }

function Inspector() {
  const trpc = useTRPC()
  const inspect = useMutation(trpc.inspector.inspect.mutationOptions())
  const [kind, setKind] = useState<InspectedKind>('payload')
  const [draft, setDraft] = useState<Draft>(BLANK)
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }))
    // A verdict about what no longer stands there would be read as one about what does.
    inspect.reset()
  }
  const missing =
    kind === 'webhook'
      ? draft.authorization.trim() === '' && draft.body.trim() === ''
        ? 'Paste a header or a body first.'
        : null
      : draft.text.trim() === ''
        ? 'Paste something first.'
        : null

  function run() {
    const { text, signature, merchantKeyId, authorization, body } = draft
    if (kind === 'payload') inspect.mutate({ kind, text, signature, merchantKeyId })
    else if (kind === 'return') inspect.mutate({ kind, text })
    else inspect.mutate({ kind, authorization, body })
  }
  return (
    <div className={css['columns']}>
      <Section title="What you have">
        <p className={css['lead']}>Paste it as it was sent. Nothing is stored, and no secret is told back.</p>
        <div className={css['form']}>
          <SelectField
            label="Kind"
            value={kind}
            onChange={(value) => {
              setKind(value)
              set({})
            }}
            options={KIND_OPTIONS}
          />
          <Fields kind={kind} draft={draft} set={set} />
          <div className={css['actions']}>
            <ActionButton
              tone="primary"
              busy={inspect.isPending}
              disabledReason={missing}
              shortcut={{ id: 'inspector.run', keys: 'Mod+Enter', label: 'Inspect', scope: 'page' }}
              onPress={run}
            >
              Inspect
            </ActionButton>
            <ActionButton onPress={() => set(BLANK)}>Clear</ActionButton>
          </div>
        </div>
      </Section>
      <div role="status" className={css['answer']}>
        {inspect.data ? (
          <Verdict inspection={inspect.data} />
        ) : inspect.error ? (
          <Failed error={inspect.error} />
        ) : (
          <Section title="What is wrong">
            <p className="muted">The verdict, the exact signed text and the reason stand here.</p>
          </Section>
        )}
      </div>
    </div>
  )
}

function Fields({
  kind,
  draft,
  set,
}: {
  kind: InspectedKind
  draft: Draft
  set: (change: Partial<Draft>) => void
}): ReactNode {
  if (kind === 'return')
    return (
      <TextAreaField
        label="Return URL"
        hint="The whole address, its query, or the body of the POST."
        required
        mono
        rows={6}
        value={draft.text}
        onChange={(text) => set({ text })}
      />
    )
  if (kind === 'webhook')
    return (
      <>
        <TextField
          label="Authorization header"
          required={false}
          mono
          value={draft.authorization}
          onChange={(authorization) => set({ authorization })}
        />
        <TextAreaField
          label="Body"
          required={false}
          mono
          rows={8}
          value={draft.body}
          onChange={(body) => set({ body })}
        />
      </>
    )
  return (
    <>
      <TextAreaField
        label="Signed text"
        hint="orderDetails or signaturePayload as it was sent, or the whole payload with signature and key ID in it."
        required
        mono
        rows={8}
        value={draft.text}
        onChange={(text) => set({ text })}
      />
      <FieldRow>
        <TextField
          label="Signature"
          required={false}
          mono
          value={draft.signature}
          onChange={(signature) => set({ signature })}
        />
        <TextField
          label="Merchant key ID"
          required={false}
          mono
          value={draft.merchantKeyId}
          onChange={(merchantKeyId) => set({ merchantKeyId })}
        />
      </FieldRow>
    </>
  )
}

function Verdict({ inspection }: { inspection: Inspection }) {
  const { title, role } = VERDICTS[inspection.verdict]
  const [cause, ...others] = inspection.findings
  return (
    <Section title="What is wrong">
      <Notice
        tone={
          role === 'unknown'
            ? 'pending'
            : role === 'charged'
              ? 'charged'
              : role === 'review'
                ? 'review'
                : 'failed'
        }
        title={title}
      >
        {cause ? cause.words : 'Nothing is wrong with it.'}
      </Notice>
      {others.length > 0 ? (
        <ul className={css['others']}>
          {others.map(({ words }) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      ) : null}
      {inspection.key === null ? null : (
        <p className={css['fact']}>
          Checked with <span className="mono">{inspection.key}</span>.
        </p>
      )}
      {inspection.signedText === null ? null : (
        <>
          <div className={css['signedHead']}>
            <h3 className={css['signedTitle']}>The exact signed text</h3>
            <CopyButton text={inspection.signedText} what="signed text" />
          </div>
          {/* Long lines wrap, and a keyboard can scroll it. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={css['signed']} tabIndex={0} aria-label="The exact signed text">
            {inspection.signedText}
          </pre>
        </>
      )}
    </Section>
  )
}

function Failed({ error }: { error: unknown }) {
  const { title, message } = toActProblem(error)
  return (
    <Section title="What is wrong">
      <Notice tone="failed" title={title}>
        {message}
      </Notice>
    </Section>
  )
}
