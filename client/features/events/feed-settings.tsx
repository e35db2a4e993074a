import IconBell from '@tabler/icons-react/dist/esm/icons/IconBell.mjs'
import { setPreference, usePreferences } from '../../lib/preferences.ts'
import { ActionMenu } from '../../ui/menu.tsx'
import { toast } from '../../ui/toasts.tsx'

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
          label: 'Notify of failed and refused',
          checked: feedNotify,
          onPress: () => void setNotify(!feedNotify),
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

/** The browser asks the person; without its yes the choice stays off. */
async function setNotify(on: boolean): Promise<void> {
  if (on && (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted')) {
    toast.error(
      'Notifications stay off',
      'The browser does not allow them for this page. Change it in the browser’s settings for this site.',
    )
    return
  }
  setPreference('feedNotify', on)
}
