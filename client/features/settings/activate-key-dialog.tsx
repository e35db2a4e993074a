import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { copyText } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextAreaField, TextField } from '../../ui/fields.tsx'
import { Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { KEY_PLACES } from './key-words.ts'
import type { MerchantKey } from './settings-types.ts'
import css from './settings.module.css'

type Problem = { title: string; message: string }

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
  const [problem, setProblem] = useState<Problem | null>(null)
  const isJwe = key.purpose === 'jwe'
  const missing =
    keyId.trim() === ''
      ? 'Enter the key ID first.'
      : isJwe && theirs.trim() === ''
        ? 'Paste Juspay’s public key first.'
        : null

  async function attempt(work: () => Promise<void>) {
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(toActProblem(error))
    }
  }
  const run = () =>
    attempt(async () => {
      await activate.mutateAsync({ id: key.id, keyId, juspayPublicKey: isJwe ? theirs : null })
      toast.success('The key is in use.')
      await client.invalidateQueries({ queryKey: trpc.keys.pathKey() })
      onClose()
    })
  const toSandbox = () =>
    attempt(async () => {
      const shown = await upload.mutateAsync({ id: key.id })
      setKeyId(shown.keyId)
      setTheirs(shown.juspayPublicKey ?? '')
    })

  return (
    <Dialog
      open
      onClose={() => {
        if (!activate.isPending) onClose()
      }}
      title="Enter the key’s ID"
      dismissable={!activate.isPending && keyId === '' && theirs === ''}
      actions={
        <>
          <ActionButton onPress={onClose} disabledReason={activate.isPending ? 'Wait for the answer.' : null}>
            Cancel
          </ActionButton>
          <ActionButton
            tone="primary"
            busy={activate.isPending}
            disabledReason={missing}
            shortcut={{ id: 'key.activate', keys: 'Mod+Enter', label: 'Use this key', scope: 'dialog' }}
            onPress={() => void run()}
          >
            Use this key
          </ActionButton>
        </>
      }
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
          <ActionButton busy={upload.isPending} onPress={() => void toSandbox()}>
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
    </Dialog>
  )
}
