import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextAreaField } from '../../ui/fields.tsx'
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
  const [problem, setProblem] = useState<{ title: string; message: string } | null>(null)
  const missing = origin === 'mine' && pem.trim() === '' ? 'Paste the private key first.' : null

  async function run() {
    setProblem(null)
    try {
      await add.mutateAsync({ purpose, privateKeyPem: origin === 'mine' ? pem : null })
      setPem('')
      onClose()
    } catch (error) {
      setProblem(toActProblem(error))
    }
    await client.invalidateQueries({ queryKey: trpc.keys.pathKey() })
  }
  return (
    <Dialog
      open
      onClose={() => {
        if (!add.isPending) onClose()
      }}
      title="Add a key"
      dismissable={!add.isPending && pem === ''}
      actions={
        <>
          <ActionButton onPress={onClose} disabledReason={add.isPending ? 'Wait for the answer.' : null}>
            Cancel
          </ActionButton>
          <ActionButton
            tone="primary"
            busy={add.isPending}
            disabledReason={missing}
            shortcut={{ id: 'key.add', keys: 'Mod+Enter', label: 'Add key', scope: 'dialog' }}
            onPress={() => void run()}
          >
            Add key
          </ActionButton>
        </>
      }
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
      {problem ? (
        <Notice tone="failed" title={problem.title}>
          {problem.message}
        </Notice>
      ) : null}
    </Dialog>
  )
}
