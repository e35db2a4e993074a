import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import {
  API_KEY_LIFETIMES,
  API_KEY_NAME_MAX,
  API_KEY_RATES,
  API_KEY_SCOPE_LABELS,
  API_KEY_SCOPES,
  type ApiKeyScope,
} from '../../../server/domain/api-key.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/states.tsx'
import { CheckboxGroup } from './checkbox-group.tsx'
import css from './settings.module.css'

const RATES = API_KEY_RATES.map((rate) => ({ value: String(rate), label: `${rate} calls a minute` }))
const LIFETIMES = API_KEY_LIFETIMES.map((days) => ({
  value: String(days),
  label: days === null ? 'When somebody revokes it' : `In ${days} days`,
}))

/** Makes a key and shows it, this once. */
export function NewApiKeyDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const create = useMutation(trpc.keys.createApiKey.mutationOptions())
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(['sdk'])
  const [rate, setRate] = useState('600')
  const [days, setDays] = useState('365')
  const [made, setMade] = useState<string | null>(null)
  const missing =
    name.trim() === '' ? 'Enter a name first.' : scopes.length === 0 ? 'Choose what the key may do.' : null

  async function save() {
    try {
      const answer = await create.mutateAsync({
        name,
        scopes: [...scopes],
        ratePerMinute: API_KEY_RATES.find((each) => String(each) === rate) ?? 600,
        days: API_KEY_LIFETIMES.find((each) => String(each) === days) ?? null,
      })
      setMade(answer.key)
    } finally {
      void client.invalidateQueries({ queryKey: trpc.keys.pathKey() })
    }
  }
  if (made !== null) return <MadeDialog name={name.trim()} secret={made} onClose={onClose} />
  return (
    <FormDialog
      id="apiKey.create"
      title="Create an API key"
      verb="Create API key"
      missing={missing}
      typed={name !== ''}
      run={() => outcomeOf(save)}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="The program that will use it, such as shop-server."
        required
        autoFocus
        maxLength={API_KEY_NAME_MAX}
        value={name}
        onChange={setName}
      />
      <CheckboxGroup
        label="May"
        options={API_KEY_SCOPES.map((value) => ({ value, label: API_KEY_SCOPE_LABELS[value] }))}
        chosen={scopes}
        onChange={setScopes}
      />
      <FieldRow>
        <SelectField label="Rate" value={rate} onChange={setRate} options={RATES} />
        <SelectField label="Ends" value={days} onChange={setDays} options={LIFETIMES} />
      </FieldRow>
    </FormDialog>
  )
}

function MadeDialog({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`The key of ${name}`}
      dismissable={false}
      actions={
        <ActionButton tone="primary" onPress={onClose}>
          Done
        </ActionButton>
      }
    >
      <Notice tone="review" title="It is shown only now.">
        Copy it into the secrets of your server. Only a hash of it is kept here.
      </Notice>
      <div className={css['address']}>
        <span className="mono">{secret}</span>
        <CopyButton text={secret} what="API key" />
      </div>
    </Dialog>
  )
}
