/** What people did on an order itself, from the audit log: it alone still knows a tag that was taken off again. */
import { z } from 'zod/mini'
import { blank, type Draft } from './timeline-entry.ts'

/** An audited deed that was done; `before` and `after` are as the log has them. */
export type TimelineDeed = {
  id: string
  at: Date
  actorId: string
  actorName: string
  action: string
  reason: string | null
  before: unknown
  after: unknown
}

/** Tags that somebody puts on or takes off one after the other within this time are one entry. */
const TAGS_TOGETHER_MS = 60_000

const REVEALED = 'order.reveal_customer'
const TAG_VERBS: ReadonlyMap<string, string> = new Map([
  ['order_tag.add', 'added'],
  ['order_tag.remove', 'took off'],
])
const tagFacts = z.object({ tags: z.array(z.string()) })

/** One line, and the tags it is about. */
type Told = { deed: TimelineDeed; tags: readonly string[] }

/** The deeds, oldest first, that no other entry tells. */
export function draftsOfDeeds(deeds: readonly TimelineDeed[]): Draft[] {
  const told: Told[] = []
  for (const deed of deeds) {
    if (deed.action !== REVEALED && !TAG_VERBS.has(deed.action)) continue
    const tags = tagsOf(deed)
    const last = told.at(-1)
    if (last !== undefined && isTogether(last, { deed, tags }))
      told[told.length - 1] = { deed, tags: [...last.tags, ...tags] }
    else told.push({ deed, tags })
  }
  return told.map(({ deed, tags }) => ({
    ...blank(`deed:${deed.id}`, deed.at, 'person'),
    kind: 'person',
    tone: 'info',
    title: `${deed.actorName} ${wordsOf(deed.action, tags)}`,
    detail: deed.reason,
    actorName: deed.actorName,
    reference: null,
  }))
}

function tagsOf({ before, after }: TimelineDeed): string[] {
  return [before, after].flatMap((facts) => tagFacts.safeParse(facts).data?.tags ?? [])
}

function isTogether(last: Told, next: Told): boolean {
  return (
    last.tags.length > 0 &&
    next.tags.length > 0 &&
    last.deed.action === next.deed.action &&
    last.deed.actorId === next.deed.actorId &&
    next.deed.at.getTime() - last.deed.at.getTime() <= TAGS_TOGETHER_MS
  )
}

function wordsOf(action: string, tags: readonly string[]): string {
  const verb = TAG_VERBS.get(action)
  if (verb === undefined) return 'revealed personal data of the customer'
  return `${verb} the ${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}`
}
