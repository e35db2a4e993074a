import IconPointFilled from '@tabler/icons-react/dist/esm/icons/IconPointFilled.mjs'
import type { ReactNode } from 'react'
import { DateTime } from './date-time.tsx'
import { StatusIcon } from './status-icon.tsx'
import type { StatusRole } from './status-role.ts'
import { useKit } from './kit-context.ts'
import { formatTime } from './time-format.ts'
import css from './timeline.module.css'

export type TimelineItem = {
  id: string
  at: Date
  /** `info` is the neutral node: something happened, and no state changed. */
  status: StatusRole | 'info'
  /** One sentence. */
  title: ReactNode
  /** One line under it: who, through what, reference. */
  detail?: ReactNode
  /** Where it came from: "Webhook", "Status check", "Person", "System". */
  source?: string
  extra?: ReactNode
  /** A thin line before the entry: how long nothing happened. */
  pause?: string | null
}

/** What happened, as an ordered list; a heading starts each new day. Order is the caller's. */
export function Timeline({ items, label }: { items: readonly TimelineItem[]; label: string }) {
  const { timeZone } = useKit()
  return (
    <ol className={css['timeline']} aria-label={label}>
      {items.map((item, i) => {
        const day = formatTime(item.at, 'date', timeZone)
        const before = items[i - 1]
        const newDay = !before || formatTime(before.at, 'date', timeZone) !== day
        return (
          <li key={item.id} className={css['item']}>
            {item.pause ? <p className={css['pause']}>{item.pause}</p> : null}
            {newDay ? <p className={css['day']}>{day}</p> : null}
            <span className={css['time']}>
              <DateTime at={item.at} format="time" />
            </span>
            <span className={css['node']} data-status={item.status}>
              {item.status === 'info' ? (
                <IconPointFilled size={12} aria-hidden focusable={false} />
              ) : (
                <StatusIcon status={item.status} size={12} />
              )}
            </span>
            <div className={css['body']}>
              <p className={css['title']}>
                {item.title}
                {item.source ? <span className={css['source']}>{item.source}</span> : null}
              </p>
              {item.detail ? <div className={css['detail']}>{item.detail}</div> : null}
              {item.extra}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
