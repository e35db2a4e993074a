import IconBell from '@tabler/icons-react/dist/esm/icons/IconBell.mjs'
import { chooseNotify } from '../../lib/browser-notice.ts'
import { setPreference, usePreferences } from '../../lib/preferences.ts'
import { ActionMenu } from '../../ui/menu.tsx'

/** What the feed may do besides showing rows: sound, notifications, speech. Kept in this browser. */
export function FeedSettings() {
  const { feedSound, feedNotify, feedSpeech } = usePreferences()
  return (
    <ActionMenu
      label="Alerts of the feed"
      entries={[
        {
          kind: 'check',
          id: 'sound',
          label: 'Sound on failure',
          checked: feedSound,
          onPress: () => setPreference('feedSound', !feedSound),
        },
        {
          kind: 'check',
          id: 'notify',
          label: 'Browser notifications',
          checked: feedNotify,
          onPress: () => void chooseNotify(!feedNotify),
        },
        {
          kind: 'check',
          id: 'speech',
          label: 'Read out new events',
          checked: feedSpeech,
          onPress: () => setPreference('feedSpeech', !feedSpeech),
        },
      ]}
      trigger={
        <button type="button" className="kit-button" aria-label="Alerts of the feed" title="Alerts">
          <IconBell size={16} stroke={1.75} aria-hidden />
        </button>
      }
    />
  )
}
