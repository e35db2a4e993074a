import { expect, test } from 'vitest'
import { watchActivity } from '../../../client/lib/activity.ts'

test('calls are marked when nobody has done anything for a minute, and no longer once somebody does', () => {
  const page = new EventTarget()
  let now = 0
  const activity = watchActivity(page, () => now)
  expect(activity.headers()).toEqual({})
  now = 59_999
  expect(activity.headers()).toEqual({})
  now = 60_000
  expect(activity.headers()).toEqual({ 'x-paydesk-passive': '1' })
  page.dispatchEvent(new Event('visibilitychange'))
  expect(activity.headers()).toEqual({ 'x-paydesk-passive': '1' })
  for (const deed of ['pointerdown', 'keydown', 'wheel']) {
    now += 3_600_000
    page.dispatchEvent(new Event(deed))
    expect(activity.headers()).toEqual({})
  }
})
