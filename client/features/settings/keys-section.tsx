import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { outcomeOf, toProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows, Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ActivateKeyDialog } from './activate-key-dialog.tsx'
import { AddKeyDialog } from './add-key-dialog.tsx'
import { ApiKeysSection } from './api-keys-section.tsx'
import { MerchantKeyCard } from './merchant-key-card.tsx'
import { KEY_LEADS, KEY_TITLES } from './key-words.ts'
import type { KeysSettings, MerchantKey } from './settings-types.ts'
import css from './settings.module.css'

const PURPOSES = ['payload', 'jwe'] as const

/** Keys of the account: those that sign, those that encrypt, and those of the shop's own programs. */
export function KeysSection() {
  const trpc = useTRPC()
  const keys = useQuery(trpc.keys.list.queryOptions())
  if (keys.error && !keys.data)
    return <ErrorState problem={toProblem(keys.error, 'the keys')} onRetry={() => void keys.refetch()} />
  if (!keys.data) return <LoadingRows rows={8} label="Loading the keys" />
  const { data } = keys
  return (
    <div className={css['narrow']}>
      {PURPOSES.map((purpose) => (
        <PurposeSection key={purpose} purpose={purpose} settings={data} />
      ))}
      <ApiKeysSection />
    </div>
  )
}

function PurposeSection({ purpose, settings }: { purpose: MerchantKey['purpose']; settings: KeysSettings }) {
  const can = useCan('settings:secrets')
  const [adding, setAdding] = useState(false)
  const [activating, setActivating] = useState<MerchantKey | null>(null)
  const keys = settings.keys.filter((key) => key.purpose === purpose)
  const waits = keys.some(({ state }) => state === 'waiting')
  const why = can.allowed ? (waits ? 'Another key waits for its ID.' : null) : can.reason
  return (
    <Section title={KEY_TITLES[purpose]}>
      <p className={css['lead']}>{KEY_LEADS[purpose]}</p>
      {purpose === 'jwe' ? <AuthMode settings={settings} /> : null}
      {keys.length === 0 ? (
        <p className="muted">There is none yet.</p>
      ) : (
        <ul className={css['cards']}>
          {keys.map((key) => (
            <MerchantKeyCard key={key.id} merchantKey={key} onActivate={() => setActivating(key)} />
          ))}
        </ul>
      )}
      <div className={css['actions']}>
        <ActionButton
          disabledReason={why}
          label={`Add key to ${KEY_TITLES[purpose].toLowerCase()}`}
          onPress={() => setAdding(true)}
        >
          Add key
        </ActionButton>
        {can.allowed ? null : <span className="caption">{can.reason}</span>}
      </div>
      {adding ? <AddKeyDialog purpose={purpose} onClose={() => setAdding(false)} /> : null}
      {activating ? (
        <ActivateKeyDialog
          merchantKey={activating}
          sandbox={settings.sandbox}
          onClose={() => setActivating(null)}
        />
      ) : null}
    </Section>
  )
}

/** How calls to Juspay prove who they are. */
function AuthMode({ settings }: { settings: KeysSettings }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const can = useCan('settings:secrets')
  const set = useMutation(trpc.keys.setAuthMode.mutationOptions())
  const next = settings.authMode === 'jwe' ? 'basic' : 'jwe'
  const ready = settings.keys.some(({ purpose, state }) => purpose === 'jwe' && state === 'current')
  const why = !can.allowed ? can.reason : next === 'jwe' && !ready ? 'Add a JWT key first.' : null

  async function change() {
    const verb = next === 'jwe' ? 'Sign and encrypt calls' : 'Use the API key'
    const done = await confirm({
      title: next === 'jwe' ? 'Sign and encrypt calls to Juspay?' : 'Call Juspay with the API key again?',
      next: [
        next === 'jwe'
          ? 'From now on sessions, status checks and refunds go to Juspay’s /v4 routes.'
          : 'From now on sessions, status checks and refunds carry the API key.',
        'Calls on their way end as they began.',
        'It is written to the audit log.',
      ],
      verb,
      run: () => outcomeOf(() => set.mutateAsync({ mode: next })),
    })
    if (done) toast.success(next === 'jwe' ? 'Calls are signed and encrypted.' : 'Calls carry the API key.')
    await Promise.all([
      client.invalidateQueries({ queryKey: trpc.keys.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.settings.account.queryKey() }),
    ])
  }
  return (
    <div className={css['authMode']}>
      <Notice tone={settings.authMode === 'jwe' ? 'charged' : 'info'}>
        {settings.authMode === 'jwe'
          ? 'Calls to Juspay are signed and encrypted.'
          : 'Calls to Juspay carry the API key.'}
      </Notice>
      <div className={css['actions']}>
        <ActionButton disabledReason={why} onPress={() => void change()}>
          {next === 'jwe' ? 'Sign and encrypt calls' : 'Use the API key'}
        </ActionButton>
      </div>
    </div>
  )
}
