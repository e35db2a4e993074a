import { useMutation, useQueryClient } from '@tanstack/react-query'
import { outcomeOf } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { copyText, CopyButton } from '../../ui/copy-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { toast } from '../../ui/toasts.tsx'
import { KEY_PLACES, KEY_STATES, shortFingerprint } from './key-words.ts'
import type { MerchantKey } from './settings-types.ts'
import css from './settings.module.css'

/** One key: what it is for now, and what can be done with it. Its private half is nowhere to be seen. */
export function MerchantKeyCard({
  merchantKey: key,
  onActivate,
}: {
  merchantKey: MerchantKey
  onActivate: () => void
}) {
  const state = KEY_STATES[key.state]
  const name = key.keyId ?? `key ${shortFingerprint(key.fingerprint)}`
  return (
    <li className={css['keyCard']}>
      <div className={css['keyHead']}>
        <strong className="mono">{name}</strong>
        <StatusChip status={state.role} label={state.label} />
      </div>
      <p className="caption">{state.says}</p>
      <FactList
        facts={[
          {
            label: 'Fingerprint',
            value: (
              <span className={css['reference']}>
                <span className="mono">{shortFingerprint(key.fingerprint)}</span>
                <CopyButton text={key.fingerprint} what="fingerprint" />
              </span>
            ),
          },
          {
            label: 'Added',
            value: (
              <>
                <DateTime at={key.createdAt} /> by {key.createdBy}
              </>
            ),
          },
          ...(key.retiredAt ? [{ label: 'Retired', value: <DateTime at={key.retiredAt} /> }] : []),
        ]}
      />
      {key.state === 'retired' ? null : <KeyActs name={name} merchantKey={key} onActivate={onActivate} />}
    </li>
  )
}

function KeyActs({
  name,
  merchantKey: key,
  onActivate,
}: {
  name: string
  merchantKey: MerchantKey
  onActivate: () => void
}) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const can = useCan('settings:secrets')
  const retire = useMutation(trpc.keys.retire.mutationOptions())
  const why = can.allowed ? null : can.reason
  const verb = key.state === 'waiting' ? 'Discard' : 'Retire'

  async function end() {
    const done = await confirm({
      title: `${verb} ${name}?`,
      next: [
        key.state === 'waiting'
          ? 'Its private half is deleted. Nothing was signed with it.'
          : 'Its private half is deleted for good.',
        ...(key.state === 'current' ? ['Nothing can be signed until another key is in use.'] : []),
        ...(key.state === 'previous' ? ['Delete its public half at Juspay too.'] : []),
      ],
      tone: 'danger',
      verb: `${verb} ${name}`,
      run: () => outcomeOf(() => retire.mutateAsync({ id: key.id })),
    })
    if (done) toast.success(key.state === 'waiting' ? 'The key is discarded.' : 'The key is retired.')
    await client.invalidateQueries({ queryKey: trpc.keys.pathKey() })
  }
  return (
    <div className={css['actions']}>
      {key.state === 'waiting' ? (
        <ActionButton
          tone="primary"
          disabledReason={why}
          label={`Enter the ID of ${name}`}
          onPress={onActivate}
        >
          Enter the ID
        </ActionButton>
      ) : null}
      <ActionButton
        label={`Copy public key of ${name}, for ${KEY_PLACES[key.purpose]}`}
        onPress={() => void copyText(key.publicKey, 'public key')}
      >
        Copy public key
      </ActionButton>
      <ActionButton disabledReason={why} label={`${verb} ${name}`} onPress={() => void end()}>
        {verb}
      </ActionButton>
    </div>
  )
}
