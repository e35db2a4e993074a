import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import type { ReactNode } from 'react'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { fieldDifferences } from './audit-changes.ts'
import { kindText, Outcome, subjectPath } from './audit-columns.tsx'
import type { AuditEntry } from './audit-types.ts'
import css from './audit.module.css'

const ACTOR_KINDS: Readonly<Record<string, string>> = {
  user: 'Signed in',
  system: 'Paydesk itself',
  provider: 'Juspay',
  anonymous: 'Not signed in',
}

/** One entry of the log in full, beside the list. */
export function AuditEntryPanel({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const { link: Link } = useKit()
  const path = subjectPath(entry)
  return (
    <section className={css['panel']} aria-label={`Entry ${entry.id}`}>
      <div className={css['panelHead']}>
        <h2 className={css['panelTitle']}>
          <span className="mono">{entry.action}</span>
        </h2>
        <Outcome entry={entry} />
        <span className={css['close']}>
          <ActionButton
            tone="quiet"
            iconOnly
            label="Close entry"
            icon={<IconX size={16} stroke={1.75} aria-hidden />}
            shortcut={{ id: 'audit.close', keys: 'Escape', label: 'Close entry' }}
            onPress={onClose}
          >
            Close
          </ActionButton>
        </span>
      </div>
      {entry.reason ? (
        <Notice tone={entry.outcome === 'refused' ? 'review' : 'info'} title="Reason">
          {entry.reason}
        </Notice>
      ) : null}
      <Section title="Who and when">
        <FactList
          facts={[
            { label: 'Who', value: entry.actorName },
            { label: 'As', value: ACTOR_KINDS[entry.actorKind] ?? entry.actorKind },
            { label: 'Time', value: <DateTime at={entry.at} format="full" /> },
            { label: 'Subject', value: kindText(entry.subjectKind) },
            { label: 'Subject ID', value: copyable(entry.subjectId, 'subject ID') },
            { label: 'Address', value: entry.ip && <span className="mono">{entry.ip}</span> },
            { label: 'Request ID', value: copyable(entry.requestId, 'request ID') },
            { label: 'Entry', value: <span className="mono">{entry.id}</span> },
          ]}
        />
        {path === null ? null : (
          <p className={css['open']}>
            <Link to={path}>Open the {kindText(entry.subjectKind).toLowerCase()}</Link>
          </p>
        )}
      </Section>
      <Section title="Before and after">
        <ChangeTable before={entry.before} after={entry.after} />
      </Section>
    </section>
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

/** Before and after, field by field; changed fields are marked by sign and colour. */
function ChangeTable({ before, after }: { before: unknown; after: unknown }) {
  const rows = fieldDifferences(before, after)
  if (rows.length === 0) return <p className="muted">This entry changed no stored field.</p>
  const twoSides = rows.some((row) => row.before !== null) && rows.some((row) => row.after !== null)
  return (
    <table className={css['changes']}>
      <caption className="visually-hidden">Fields before and after</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          {twoSides ? (
            <>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </>
          ) : (
            <th scope="col">{rows.some((row) => row.after !== null) ? 'Value' : 'Before'}</th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.field} data-changed={row.changed || undefined}>
            <th scope="row">{row.field === '' ? 'value' : row.field}</th>
            {twoSides ? (
              <>
                <td data-side={row.changed ? 'before' : undefined}>
                  {sideText(row.before, row.changed, '− ')}
                </td>
                <td data-side={row.changed ? 'after' : undefined}>
                  {sideText(row.after, row.changed, '+ ')}
                </td>
              </>
            ) : (
              <td>{row.after ?? row.before}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function sideText(value: string | null, changed: boolean, sign: string): string {
  if (value === null) return ''
  return changed ? `${sign}${value}` : value
}
