import { useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { ROLE_LABELS } from '../../server/domain/permission.ts'
import { AppFrame } from '../ui/app-frame.tsx'
import { CommandPalette } from '../ui/command-palette.tsx'
import { Notice } from '../ui/states.tsx'
import { toast } from '../ui/toasts.tsx'
import { usePart } from '../ui/use-part.ts'
import { useShortcut } from '../ui/use-shortcut.ts'
import { useLiveState } from './live.tsx'
import { PLACES, type Place } from './nav-items.ts'
import { CLOSED, EMPTY, paletteOf, type PaletteState } from './palette-state.ts'
import { useStoredDensity } from './list-preference.ts'
import { ProviderBanner } from './provider-health.tsx'
import { RefundStopBanner } from './refund-stop-banner.tsx'
import { toggleTimeZone } from './preferences.ts'
import { noteVisit } from './recent-records.ts'
import { RunningWork } from './running-work.tsx'
import { useSession } from './session.ts'
import { SettingsActs } from './settings-acts.tsx'
import { useNavCounts } from './use-nav-counts.ts'
import { useOnline } from './use-online.ts'
import { notePlace } from './use-leave.ts'
import { usePaste } from './use-paste.ts'
import { useSignOut } from './use-sign-out.ts'
import { UserMenu } from './user-menu.tsx'

const loadPalette = () => import('./palette.tsx')
const loadSheet = () => import('../ui/shortcut-sheet.tsx')

/** The frame with its data: navigation with counts, palette, shortcut sheet, keys that work everywhere. */
export function AppShell({ children }: { children: ReactNode }) {
  const session = useSession()
  const router = useRouter()
  const live = useLiveState()
  const online = useOnline()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const place = useRouterState({ select: (state) => state.location.state.__TSR_index })
  const loading = useRouterState({ select: (state) => state.status === 'pending' })
  const [palette, setPalette] = useState<PaletteState>(CLOSED)
  const [sheet, setSheet] = useState(false)
  const leave = useSignOut()
  const sheetPart = usePart(loadSheet, sheet, () => setSheet(false))
  useStoredDensity()
  const counts = useNavCounts()

  const go = (to: string, newTab = false) => {
    if (newTab) window.open(to, '_blank', 'noopener')
    else router.history.push(to)
  }
  useEffect(() => noteVisit(session.user.id, path), [session.user.id, path])
  useEffect(() => notePlace(place, path), [place, path])
  const places = PLACES.filter(
    (place) =>
      session.permissions.includes(place.needs) &&
      (!place.sandboxOnly || session.account.environment === 'sandbox'),
  )
  useGlobalKeys({
    openPalette: () => setPalette(EMPTY),
    openSheet: () => setSheet(true),
  })
  usePaste((pasted) => {
    if (pasted.kind === 'too_many')
      toast.error(`Up to ${pasted.max} orders at once.`, `You pasted ${pasted.count}. Paste fewer.`)
    else setPalette(paletteOf(pasted))
  })

  return (
    <AppFrame
      nav={places.map((place) => ({
        ...place,
        count: place.counter ? counts.data?.[place.counter] : undefined,
      }))}
      currentPath={path}
      user={{ name: session.user.name, role: ROLE_LABELS[session.role] }}
      userMenu={(trigger) => (
        <UserMenu
          trigger={trigger}
          mentions={counts.data?.mentions ?? 0}
          onMentions={() => go('/mentions')}
          onNotifications={() => go('/settings?section=notifications')}
          onSecurity={() => go('/security')}
          onShortcuts={() => setSheet(true)}
          onSignOut={() => void leave()}
        />
      )}
      live={online ? live : { kind: 'reconnecting', detail: 'You are offline.' }}
      running={<RunningWork path={path} />}
      loading={loading}
      onSearch={() => setPalette(EMPTY)}
      onToggleTimeZone={() => toggleTimeZone()}
      banner={
        <>
          {online ? null : (
            <Notice tone="pending">
              You&apos;re offline. You can read what is on screen. Changes are off until you reconnect.
            </Notice>
          )}
          <ProviderBanner />
          <RefundStopBanner />
        </>
      }
    >
      {places.map((place) => (
        <PlaceKey key={place.to} place={place} go={go} />
      ))}
      {session.permissions.includes('event:read') ? <ReplaysEntry go={go} /> : null}
      <SecurityEntry go={go} />
      <SettingsActs />
      {children}
      <CommandPalette
        load={loadPalette}
        dialog={{
          ...palette,
          go,
          onClose: () => setPalette(CLOSED),
          onTextChange: (text: string) => setPalette({ ...EMPTY, text }),
        }}
      />
      {sheetPart ? <sheetPart.ShortcutSheet open={sheet} onClose={() => setSheet(false)} /> : null}
    </AppFrame>
  )
}

function PlaceKey({ place, go }: { place: Place; go: (to: string) => void }) {
  useShortcut({
    id: `go.${place.to}`,
    keys: place.keys,
    label: place.label,
    group: 'Go to',
    run: () => go(place.to),
  })
  return null
}

/** A page without a place in the sidebar: it is reached from the failed events, and by name. */
function ReplaysEntry({ go }: { go: (to: string) => void }) {
  useShortcut({
    id: 'go./events/replays',
    label: 'Replays',
    group: 'Go to',
    keywords: 'replay events dry run',
    run: () => go('/events/replays'),
  })
  return null
}

/** A page about oneself: it is reached from one's own menu, and by name. */
function SecurityEntry({ go }: { go: (to: string) => void }) {
  useShortcut({
    id: 'go./security',
    label: 'Security',
    group: 'Go to',
    keywords: 'second step authenticator recovery codes',
    run: () => go('/security'),
  })
  return null
}

type GlobalKeys = { openPalette: () => void; openSheet: () => void }

function useGlobalKeys({ openPalette, openSheet }: GlobalKeys): void {
  useShortcut({
    id: 'palette',
    keys: 'Mod+K',
    label: 'Search or jump to',
    scope: 'everywhere',
    palette: false,
    run: openPalette,
  })
  useShortcut({ id: 'sheet', keys: '?', label: 'Keyboard shortcuts', group: 'Settings', run: openSheet })
}
