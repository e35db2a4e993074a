import { useCan } from '../../lib/session.ts'
import { Page, PageScroll } from '../../ui/page.tsx'
import { ForbiddenState } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { AccountSection } from './account-section.tsx'
import { KeysSection } from './keys-section.tsx'
import { PolicySection } from './policy-section.tsx'
import { StopsSection } from './stops-section.tsx'
import { SETTINGS_SECTION_LABELS, SETTINGS_SECTIONS, type SettingsSection } from './settings-sections.ts'

/** The account with Juspay, and the rules of this workspace. */
export function SettingsScreen({ section }: { section: SettingsSection }) {
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
        {!can.allowed ? (
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
