import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { toProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows, Notice } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { AccountSettings } from './settings-types.ts'
import css from './settings.module.css'

const ENVIRONMENTS: Readonly<Record<AccountSettings['environment'], string>> = {
  sandbox: 'Sandbox: no real money moves',
  production: 'Production: real money',
}

const AUTH_MODES: Readonly<Record<AccountSettings['authMode'], string>> = {
  basic: 'With the API key',
  jwe: 'Signed and encrypted (JWT)',
}

/** The secrets and what does not work without each. */
const SECRETS: readonly { id: keyof AccountSettings['secrets']; label: string; without: string }[] = [
  { id: 'apiKey', label: 'API key', without: 'Without it no status can be checked and no refund sent.' },
  { id: 'webhookPassword', label: 'Webhook password', without: 'Without it every webhook is refused.' },
  { id: 'responseKey', label: 'Response key', without: 'Without it return pages cannot be verified.' },
  { id: 'signingKey', label: 'Signing key', without: 'Without it checkout payloads cannot be signed.' },
]

/** How this workspace is connected to Juspay. Secrets are named, never shown. */
export function AccountSection() {
  const trpc = useTRPC()
  const account = useQuery(trpc.settings.account.queryOptions())
  if (account.data) return <AccountFacts account={account.data} />
  if (account.error === null) return <LoadingRows rows={8} label="Loading the account" />
  return (
    <ErrorState problem={toProblem(account.error, 'the account')} onRetry={() => void account.refetch()} />
  )
}

function AccountFacts({ account }: { account: AccountSettings }) {
  return (
    <div className={css['narrow']}>
      <Section title="Connection">
        <FactList
          facts={[
            { label: 'Account', value: account.name },
            { label: 'Environment', value: ENVIRONMENTS[account.environment] },
            { label: 'Juspay API', value: copyable(account.baseUrl, 'Juspay API address') },
            { label: 'Merchant ID', value: copyable(account.juspayMerchantId, 'merchant ID') },
            { label: 'Client ID', value: copyable(account.clientId, 'client ID') },
            { label: 'API version', value: <span className="mono">{account.apiVersion}</span> },
            { label: 'Calls to Juspay', value: AUTH_MODES[account.authMode] },
            { label: 'Return page', value: copyable(account.returnPageUrl, 'return page address') },
          ]}
        />
      </Section>
      <Section title="Webhooks">
        <p className={css['lead']}>
          Paste this address and user name into the Juspay dashboard, under Settings, Webhooks.
        </p>
        <div className={css['address']}>
          <span className="mono">{account.webhookUrl}</span>
          <CopyButton text={account.webhookUrl} what="webhook address" />
        </div>
        <FactList
          facts={[{ label: 'User name', value: copyable(account.webhookUsername, 'webhook user name') }]}
        />
      </Section>
      <Section title="Secrets">
        <p className={css['lead']}>
          Secrets are stored encrypted and never shown. Signing keys are changed under Keys.
        </p>
        <ul className={css['secrets']}>
          {SECRETS.map(({ id, label, without }) => {
            const set = account.secrets[id] === 'set'
            return (
              <li key={id} className={css['secret']}>
                <span className={css['secretName']}>{label}</span>
                <StatusChip status={set ? 'charged' : 'review'} label={set ? 'Set' : 'Missing'} />
                <span className="muted">{set ? null : without}</span>
              </li>
            )
          })}
        </ul>
        {Object.values(account.secrets).every((state) => state === 'set') ? null : (
          <Notice tone="review">Something is missing. What it is needed for stands beside it.</Notice>
        )}
      </Section>
    </div>
  )
}

function copyable(value: string | null, what: string): ReactNode {
  if (value === null || value === '') return null
  return (
    <span className={css['reference']}>
      <span className="mono">{value}</span>
      <CopyButton text={value} what={what} />
    </span>
  )
}
