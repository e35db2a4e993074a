/** Notifications of the browser go with the person they were for. */
import { afterEach, expect, test, vi } from 'vitest'
import { notify } from '../../../client/lib/browser-notice.ts'
import { depart } from '../../../client/lib/departure.ts'

afterEach(() => void vi.unstubAllGlobals())

test('whoever leaves takes along the notifications that are still shown', () => {
  const closed: string[] = []
  const made: FakeNotification[] = []
  class FakeNotification {
    static permission = 'granted'
    onclose: (() => void) | null = null
    readonly title: string
    constructor(title: string) {
      this.title = title
      made.push(this)
    }
    close() {
      closed.push(this.title)
    }
  }
  vi.stubGlobal('Notification', FakeNotification)
  notify('Failed today', '3 rows', 'a')
  notify('High value', '1 row', 'b')
  // Dismissed by the person, it is gone already.
  made[0]?.onclose?.()
  depart()
  depart()
  expect(closed).toEqual(['High value'])
})
