import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { outcomeOf, toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { copyText } from '../../ui/copy-button.tsx'
import { TextAreaField, TextField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { KEY_PLACES } from './key-words.ts'
import type { MerchantKey } from './settings-types.ts'
import css from './settings.module.css'

/** Takes the id Juspay gave a key, and so lets it sign. */
export function ActivateKeyDialog({
  merchantKey: key,
  sandbox,
  onClose,
}: {
  merchantKey: MerchantKey
  sandbox: boolean
  onClose: () => void
}) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const activate = useMutation(trpc.keys.activate.mutationOptions())
  const upload = useMutation(trpc.keys.uploadToSandbox.mutationOptions())
  const [keyId, setKeyId] = useState('')
  const [theirs, setTheirs] = useState('')
  const isJwe = key.purpose === 'jwe'
  const missing =
    keyId.trim() === ''
      ? 'Enter the key ID first.'
      : isJwe && theirs.trim() === ''
        ? 'Paste Juspay’s public key first.'
        : null

  const problem = upload.error ? toActProblem(upload.error) : null

  async function use() {
    upload.reset()
    await activate.mutateAsync({ id: key.id, keyId, juspayPublicKey: isJwe ? theirs : null })
    toast.success('The key is in use.')
    await client.invalidateQueries({ queryKey: trpc.keys.pathKey() })
    onClose()
  }

  return (
    <FormDialog
      id="key.activate"
      title="Enter the key’s ID"
      verb="Use this key"
      missing={missing}
      typed={keyId !== '' || theirs !== ''}
      run={() => outcomeOf(use)}
      onClose={onClose}
    >
      <p>
        Paste the public half into {KEY_PLACES[key.purpose]}. Juspay then shows its ID
        {isJwe ? ' and lets you download its own public key.' : '.'}
      </p>
      <div className={css['actions']}>
        <ActionButton onPress={() => void copyText(key.publicKey, 'public key')}>
          Copy public key
        </ActionButton>
        {sandbox ? (
          <ActionButton
            busy={upload.isPending}
            onPress={() =>
              upload.mutate(
                { id: key.id },
                {
                  onSuccess: (shown) => {
                    setKeyId(shown.keyId)
                    setTheirs(shown.juspayPublicKey ?? '')
                  },
                },
              )
            }
          >
            Upload to the sandbox
          </ActionButton>
        ) : null}
      </div>
      <TextField label="Key ID" required mono maxLength={100} value={keyId} onChange={setKeyId} />
      {isJwe ? (
        <TextAreaField
          label="Juspay’s public key"
          hint="PEM. The key is tried with one harmless call before it is used."
          required
          mono
          rows={5}
          value={theirs}
          onChange={setTheirs}
        />
      ) : null}
      {problem ? (
        <Notice tone="failed" title={problem.title}>
          {problem.message}
        </Notice>
      ) : null}
    </FormDialog>
  )
}
