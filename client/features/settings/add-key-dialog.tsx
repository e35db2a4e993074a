import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { outcomeOf } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { SelectField, TextAreaField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/states.tsx'
import { KEY_PLACES } from './key-words.ts'
import type { MerchantKey } from './settings-types.ts'

const ORIGINS = [
  { value: 'new', label: 'Make a new pair here' },
  { value: 'mine', label: 'Upload a private key of ours' },
] as const
type Origin = (typeof ORIGINS)[number]['value']

/** Adds a key: made on the server, or pasted once and never shown again. */
export function AddKeyDialog({ purpose, onClose }: { purpose: MerchantKey['purpose']; onClose: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const add = useMutation(trpc.keys.add.mutationOptions())
  const [origin, setOrigin] = useState<Origin>('new')
  const [pem, setPem] = useState('')
  const missing = origin === 'mine' && pem.trim() === '' ? 'Paste the private key first.' : null

  async function save() {
    try {
      await add.mutateAsync({ purpose, privateKeyPem: origin === 'mine' ? pem : null })
      setPem('')
      onClose()
    } finally {
      void client.invalidateQueries({ queryKey: trpc.keys.pathKey() })
    }
  }
  return (
    <FormDialog
      id="key.add"
      title="Add a key"
      verb="Add key"
      missing={missing}
      typed={pem !== ''}
      run={() => outcomeOf(save)}
      onClose={onClose}
    >
      <SelectField label="Key" value={origin} onChange={setOrigin} options={ORIGINS} />
      {origin === 'mine' ? (
        <TextAreaField
          label="Private key"
          hint="RSA of 2048 bits or more, PEM, without a passphrase. It is stored encrypted and never shown."
          required
          mono
          rows={6}
          value={pem}
          onChange={setPem}
        />
      ) : null}
      <Notice tone="pending" title="What happens next">
        <ol>
          <li>The key waits here. What signs now goes on signing.</li>
          <li>Paste its public half into {KEY_PLACES[purpose]}.</li>
          <li>Enter the ID that Juspay shows: from then on the new key is used.</li>
        </ol>
      </Notice>
    </FormDialog>
  )
}
