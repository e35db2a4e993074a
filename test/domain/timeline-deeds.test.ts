import { expect, test } from 'vitest'
import { draftsOfDeeds, type TimelineDeed } from '../../server/domain/timeline-deeds.ts'

const SECOND_MS = 1_000
const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 20, 6) + seconds * SECOND_MS)

let ids = 0
function deed(seconds: number, action: string, more: Partial<TimelineDeed> = {}): TimelineDeed {
  ids += 1
  const by = { actorId: 'u1', actorName: 'Asha Menon', reason: null, before: null, after: null }
  return { id: String(ids), at: at(seconds), action, ...by, ...more }
}
const added = (seconds: number, tags: string[], more: Partial<TimelineDeed> = {}) =>
  deed(seconds, 'order_tag.add', { after: { tags }, ...more })
const removed = (seconds: number, tag: string, more: Partial<TimelineDeed> = {}) =>
  deed(seconds, 'order_tag.remove', { before: { tags: [tag] }, ...more })

const titles = (...deeds: TimelineDeed[]) => draftsOfDeeds(deeds).map(({ title }) => title)

test('a tag is told with who put it on or took it off', () => {
  expect(titles(added(0, ['fraud-check']), removed(9, 'fraud-check'))).toEqual([
    'Asha Menon added the tag fraud-check',
    'Asha Menon took off the tag fraud-check',
  ])
  expect(draftsOfDeeds([added(0, ['vip'])])[0]).toMatchObject({
    kind: 'person',
    source: 'person',
    actorName: 'Asha Menon',
    at: at(0),
  })
})

test('several tags of one person within a minute are one entry, at the time of the last', () => {
  const drafts = draftsOfDeeds([added(0, ['late', 'vip']), added(60, ['cod']), added(121, ['again'])])
  expect(drafts.map((draft) => [draft.title, draft.at])).toEqual([
    ['Asha Menon added the tags late, vip, cod', at(60)],
    ['Asha Menon added the tag again', at(121)],
  ])
  expect(titles(removed(0, 'late'), removed(2, 'vip'))).toEqual(['Asha Menon took off the tags late, vip'])
})

test('tags of two people, on and off, and around another deed stay apart: that is the evidence', () => {
  expect(
    titles(
      added(0, ['a']),
      added(1, ['b'], { actorId: 'u2' }),
      removed(2, 'a', { actorId: 'u2' }),
      deed(3, 'order.reveal_customer'),
      deed(4, 'order.reveal_customer'),
      removed(5, 'b'),
    ),
  ).toHaveLength(6)
})

test('deeds that another entry tells have none here', () => {
  expect(titles(added(0, ['a']), deed(1, 'order.check_status'), deed(2, 'order_note.write'))).toHaveLength(1)
})
