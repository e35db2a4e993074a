/** The browser's own notifications: one choice of the person, kept in this browser, for everything that may tell. */
import { toast } from '../ui/toasts.tsx'
import { onDeparture } from './departure.ts'
import { setPreference } from './preferences.ts'

/** Those that may still be on the screen, by their tag. */
const shown = new Map<string, Notification>()

// They stay over whatever is on the screen, for whoever sits before it.
onDeparture(() => {
  for (const one of shown.values()) one.close()
  shown.clear()
})

/** Shows one, where the browser allows it; the next of the same tag takes its place. Ask for the choice first. */
export function notify(title: string, body: string, tag: string): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const one = new Notification(title, { body, tag })
  shown.set(tag, one)
  one.onclose = () => {
    if (shown.get(tag) === one) shown.delete(tag)
  }
}

/** The browser asks the person; without its yes the choice stays off. */
export async function chooseNotify(on: boolean): Promise<void> {
  if (on && (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted')) {
    toast.error(
      'Notifications stay off',
      'The browser does not allow them for this page. Change it in the browser’s settings for this site.',
    )
    return
  }
  setPreference('feedNotify', on)
}
