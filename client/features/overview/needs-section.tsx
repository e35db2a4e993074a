import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../lib/trpc.ts'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import type { Need } from './overview-types.ts'
import { NEED_LINKS, needText } from './overview-words.ts'
import { Part } from './part.tsx'
import { partState, useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

const TICK_MS = 30_000

/** What waits for this person, first on the page. */
export function NeedsSection() {
  const trpc = useTRPC()
  const needs = useQuery(trpc.overview.needs.queryOptions(undefined, { refetchInterval: useRefreshMs() }))
  return (
    <Section title="Needs you">
      <Part state={partState(needs, 'what needs you')} loading="Loading what needs you" rows={2}>
        {({ needs: found, lastDecisionAt }) =>
          found.length === 0 ? (
            <p className="muted">
              Nothing needs you.
              {lastDecisionAt === null ? null : (
                <>
                  {' '}
                  Last approval <DateTime at={lastDecisionAt} />.
                </>
              )}
            </p>
          ) : (
            <ul className={css['needs']}>
              {found.map((need) => (
                <NeedLine key={need.kind} need={need} />
              ))}
            </ul>
          )
        }
      </Part>
    </Section>
  )
}

function NeedLine({ need }: { need: Need }) {
  const { link: Link } = useKit()
  const now = useNow(TICK_MS)
  const { to, action, keys } = NEED_LINKS[need.kind]
  return (
    <li>
      <Link to={to} className={css['need']}>
        <span className={css['needText']}>{needText(need, now)}</span>
        <span className={css['needAction']}>
          {action}
          {keys === null ? null : <Kbd keys={keys} />}
        </span>
      </Link>
    </li>
  )
}
