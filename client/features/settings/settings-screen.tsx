import type { ReactNode } from 'react'
import { useCan } from '../../lib/session.ts'
import { Page, PageScroll } from '../../ui/page.tsx'
import { ForbiddenState } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { AccountSection } from './account-section.tsx'
import { KeysSection } from './keys-section.tsx'
import { PolicySection } from './policy-section.tsx'
import { StopsSection } from './stops-section.tsx'
import { SETTINGS_SECTION_LABELS, SETTINGS_SECTIONS, type SettingsSection } from './settings-sections.ts'
import css from './settings.module.css'

type SettingsScreenProps = {
  section: SettingsSection
  /** What the person who looks is told of, which is nobody else's and needs no role. */
  notifications: ReactNode
}

/** The account with Juspay, the rules of this workspace, and what one is told of. */
export function SettingsScreen({ section, notifications }: SettingsScreenProps) {
  const can = useCan('settings:read')
  return (
    <Page title="Settings">
      <TabsBar
        label="Sections"
        active={section}
        tabs={SETTINGS_SECTIONS.map((id) => ({
          id,
          label: SETTINGS_SECTION_LABELS[id],
          to: id === 'account' ? '/settings' : `/settings?section=${id}`,
        }))}
      />
      <PageScroll>
        {section === 'notifications' ? (
          <div className={css['narrow']}>{notifications}</div>
        ) : !can.allowed ? (
          <ForbiddenState title="You can't see settings." hint={`${can.reason} Ask an admin.`} />
        ) : section === 'account' ? (
          <AccountSection />
        ) : section === 'keys' ? (
          <KeysSection />
        ) : section === 'policy' ? (
          <PolicySection />
        ) : (
          <StopsSection />
        )}
      </PageScroll>
    </Page>
  )
}
