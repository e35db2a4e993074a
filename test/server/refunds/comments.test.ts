import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMENTS_MAX } from '../../../server/domain/refund-request.ts'
import { commentOnRequest } from '../../../server/services/refunds/comment-on-request.ts'
import type { StaffActor } from '../../../server/domain/actor.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld

beforeAll(async () => {
  world = await openRefundWorld()
})

afterAll(() => world.close())

async function waiting(): Promise<string> {
  const order = await world.chargedOrder('5000.00')
  const { request } = await world.ask(order, 250_000n)
  return request.requestId ?? ''
}

const say = (actor: StaffActor, requestId: string, text: string) =>
  commentOnRequest(world.deps, actor, { requestId, text })

describe('questions about a waiting request', () => {
  test('an approver asks, the person who asked answers, and nothing is decided', async () => {
    const requestId = await waiting()
    await say(world.approver, requestId, '  Was the parcel opened?  ')
    const said = await say(world.finance, requestId, 'No, it came back sealed.')
    expect(said).toMatchObject([
      { author: { name: 'Rohan Das' }, text: 'Was the parcel opened?' },
      { author: { name: 'Asha Menon' }, text: 'No, it came back sealed.' },
    ])
    const shown = await world.deps.store.refundRequests.approval(world.account.id, requestId)
    expect(shown).toMatchObject({ status: 'pending_approval', commentCount: 2 })
    // A question changes nothing of what is approved.
    await world.decide(requestId, 'approve')
    const { rows } = await world.deps.database.pool.query(
      `select action, reason from audit_entry where subject_id = $1 and action = 'refund_request.comment' order by id`,
      [requestId],
    )
    expect(rows).toEqual([
      { action: 'refund_request.comment', reason: 'Was the parcel opened?' },
      { action: 'refund_request.comment', reason: 'No, it came back sealed.' },
    ])
  })

  test('nobody else writes, nobody writes after the decision, and nothing that was said changes', async () => {
    const requestId = await waiting()
    await expect(say(world.support, requestId, 'Me too')).rejects.toMatchObject({ code: 'permission_denied' })
    await expect(say(world.approver, requestId, '   ')).rejects.toMatchObject({ code: 'invalid_input' })
    await say(world.approver, requestId, 'Why?')
    await world.decide(requestId, 'reject')
    await expect(say(world.finance, requestId, 'Because')).rejects.toMatchObject({ code: 'already_decided' })
    const { pool } = world.deps.database
    await expect(pool.query('update refund_request_comment set text = $1', ['other'])).rejects.toThrow(
      /frozen/,
    )
    await expect(pool.query('delete from refund_request_comment')).rejects.toThrow(/frozen/)
  })

  test('a request of another account is not there', async () => {
    const requestId = await waiting()
    const stranger = { ...world.approver, accountId: '00000000-0000-4000-8000-000000000000' }
    await expect(say(stranger, requestId, 'Hello')).rejects.toMatchObject({ code: 'not_found' })
  })

  test(`there are at most ${COMMENTS_MAX}`, async () => {
    const requestId = await waiting()
    for (let count = 0; count < COMMENTS_MAX; count += 1) await say(world.approver, requestId, `No ${count}`)
    await expect(say(world.approver, requestId, 'One more')).rejects.toMatchObject({ code: 'limit_exceeded' })
  })
})
