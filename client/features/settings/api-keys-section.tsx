import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { API_KEY_SCOPE_LABELS, API_KEY_SCOPES } from '../../../server/domain/api-key.ts'
import { outcomeOf, toProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { toast } from '../../ui/toasts.tsx'
import { NewApiKeyDialog } from './new-api-key-dialog.tsx'
import type { ApiKeyRow } from './settings-types.ts'
import css from './settings.module.css'

/** Keys of the shop's own programs for `/sdk`. */
export function ApiKeysSection() {
  const trpc = useTRPC()
  const can = useCan('settings:secrets')
  const keys = useQuery(trpc.keys.apiKeys.queryOptions())
  const [adding, setAdding] = useState(false)
  return (
    <Section title="API keys">
      <p className={css['lead']}>
        Your shop’s server calls /sdk with one of them. Never put one into an app or a page.
      </p>
      {keys.error && !keys.data ? (
        <ErrorState problem={toProblem(keys.error, 'the API keys')} onRetry={() => void keys.refetch()} />
      ) : !keys.data ? (
        <LoadingRows rows={3} label="Loading the API keys" />
      ) : keys.data.length === 0 ? (
        <p className="muted">There is none yet.</p>
      ) : (
        <ul className={css['cards']}>
          {keys.data.map((key) => (
            <ApiKeyCard key={key.id} apiKey={key} />
          ))}
        </ul>
      )}
      <div className={css['actions']}>
        <ActionButton disabledReason={can.allowed ? null : can.reason} onPress={() => setAdding(true)}>
          Create API key
        </ActionButton>
        {can.allowed ? null : <span className="caption">{can.reason}</span>}
      </div>
      {adding ? <NewApiKeyDialog onClose={() => setAdding(false)} /> : null}
    </Section>
  )
}

function scopeLabel(scope: string): string {
  const known = API_KEY_SCOPES.find((each) => each === scope)
  return known ? API_KEY_SCOPE_LABELS[known] : scope
}

function ApiKeyCard({ apiKey: key }: { apiKey: ApiKeyRow }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const can = useCan('settings:secrets')
  const revoke = useMutation(trpc.keys.revokeApiKey.mutationOptions())

  async function end() {
    const done = await confirm({
      title: `Revoke the key of ${key.name}?`,
      next: ['The next call with it is refused.', 'It cannot be undone.'],
      tone: 'danger',
      verb: `Revoke ${key.name}`,
      run: () => outcomeOf(() => revoke.mutateAsync({ id: key.id })),
    })
    if (done) toast.success('The API key is revoked.')
    await client.invalidateQueries({ queryKey: trpc.keys.pathKey() })
  }
  const label = key.revokedAt ? 'Revoked' : key.alive ? 'In use' : 'Ended'
  return (
    <li className={css['keyCard']}>
      <div className={css['keyHead']}>
        <strong>{key.name}</strong>
        <StatusChip status={key.alive ? 'charged' : 'voided'} label={label} />
      </div>
      <FactList
        facts={[
          { label: 'Begins with', value: <span className="mono">{key.prefix}…</span> },
          { label: 'May', value: key.scopes.map(scopeLabel).join(', ') || 'Nothing' },
          { label: 'Rate', value: `${key.ratePerMinute} calls a minute` },
          { label: 'Last used', value: key.lastUsedAt ? <DateTime at={key.lastUsedAt} /> : 'Never' },
          {
            label: 'Ends',
            value: key.expiresAt ? <DateTime at={key.expiresAt} /> : 'When somebody revokes it',
          },
          {
            label: 'Created',
            value: (
              <>
                <DateTime at={key.createdAt} />
                {key.createdBy ? ` by ${key.createdBy}` : ''}
              </>
            ),
          },
        ]}
      />
      {key.alive ? (
        <div className={css['actions']}>
          <ActionButton
            disabledReason={can.allowed ? null : can.reason}
            label={`Revoke ${key.name}`}
            onPress={() => void end()}
          >
            Revoke
          </ActionButton>
        </div>
      ) : null}
    </li>
  )
}
