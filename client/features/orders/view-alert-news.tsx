/**
 * Tells what became true of the views that somebody watches, wherever they are in the dashboard, and what had become
 * true before they came: in a toast that stays until it is dismissed or followed, and by the browser where they chose so.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { BUILT_IN_VIEWS } from '../../../server/domain/list-view.ts'
import { newsAt } from '../../../server/domain/view-alert.ts'
import { notify } from '../../lib/browser-notice.ts'
import { useLive } from '../../lib/live.tsx'
import { usePreferences } from '../../lib/preferences.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { usePollWhileDown } from '../../lib/use-catch-up.ts'
import { useKit } from '../../ui/kit-context.ts'
import { toast } from '../../ui/toasts.tsx'
import { newsTexts } from './alert-words.ts'
import type { ViewAlert } from './order-types.ts'
import { listPath, savedAsView, searchOf } from './order-views.ts'

/** A hidden tab has no stream: where the browser may tell, it is asked this often. */
const ASK_MS = 60_000

/** An alert with news: what is said of it, up to when, and by which name it is told once. */
type News = { id: string; view: string | null; name: string; upTo: Date; key: string; text: string }

export function ViewAlertNews({ go }: { go: (to: string) => void }) {
  const trpc = useTRPC()
  const { timeZone: zone } = useKit()
  const { feedNotify } = usePreferences()
  const { alerts, renew } = useAlerts()
  const see = useMutation(trpc.views.seeAlerts.mutationOptions({ onSettled: renew }))
  const known = useRef(new Set<string>())
  const unseen = alerts.flatMap((alert) => {
    const upTo = newsAt(alert, alert.seenAt)
    return upTo === null ? [] : [{ alert, upTo, key: `${alert.id} ${upTo.getTime()}` }]
  })

  const tell = useEffectEvent(() => {
    if (unseen.length === 0) return toast.news(null)
    const now = new Date()
    const news = unseen.map(({ alert, upTo, key }): News => {
      const { id, view, name } = alert
      return { id, view, name, upTo, key, text: newsTexts(alert, { now, zone }).join(' ') }
    })
    const seen = (those: readonly News[]) => see.mutate({ seen: those.map(({ id, upTo }) => ({ id, upTo })) })
    toast.news({
      words: news.map(({ text }) => text).join(' '),
      message: (
        <NewsLines
          news={news}
          onFollow={(one, to) => {
            seen([one])
            go(to)
          }}
        />
      ),
      onDismiss: () => seen(news),
    })
    for (const { key, id, name, text } of news) {
      if (known.current.has(key)) continue
      known.current.add(key)
      if (feedNotify) notify(name, text, id)
    }
  })
  // Also when it is over, which is no news but says so.
  const said = unseen.map(({ key, alert }) => `${key} ${alert.holds}`).join(' ')
  useEffect(() => tell(), [said])
  return null
}

function useAlerts(): { alerts: readonly ViewAlert[]; renew: () => void } {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { user } = useSession()
  const { allowed } = useCan('order:read')
  const { feedNotify } = usePreferences()
  const { data } = useQuery(
    trpc.views.alerts.queryOptions(undefined, {
      enabled: allowed,
      refetchInterval: ({ state }) => (feedNotify && state.data?.length ? ASK_MS : false),
      refetchIntervalInBackground: true,
    }),
  )
  const renew = () => void client.invalidateQueries({ queryKey: trpc.views.alerts.queryKey() })
  useLive((message) => {
    const mine = message.kind === 'change' && message.subject === 'view_alert'
    if (mine ? message.subjectId === user.id : message.kind === 'hello' && !message.resumed) renew()
  })
  usePollWhileDown(renew)
  return { alerts: data ?? [], renew }
}

type NewsLinesProps = { news: readonly News[]; onFollow: (one: News, to: string) => void }

/** A link for each view that is still there. Toasts stand outside the router, so it is a plain one. */
function NewsLines({ news, onFollow }: NewsLinesProps) {
  const trpc = useTRPC()
  const { data: saved = [] } = useQuery(trpc.views.list.queryOptions())
  const views = [...BUILT_IN_VIEWS, ...saved.map(savedAsView)]
  return news.map((one) => {
    const view = views.find(({ id }) => id === one.view)
    const to = view ? listPath(searchOf(view)) : null
    return (
      <p key={one.id} style={{ margin: 0 }}>
        {one.text}{' '}
        {to === null ? null : (
          <a
            href={to}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return
              event.preventDefault()
              onFollow(one, to)
            }}
          >
            Show
          </a>
        )}
      </p>
    )
  })
}
