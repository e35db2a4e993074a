import { expect, test } from 'vitest'
import { openWhileVisible, REST_AFTER_MS } from '../../../client/lib/live-rest.ts'

/** A tab that the test hides and shows, and a clock that it moves. */
function harness({ hidden = false } = {}) {
  const did: string[] = []
  const listeners = new Set<() => void>()
  let isHidden = hidden
  let waiting: { leftMs: number; job: () => void } | null = null
  const end = openWhileVisible(
    { start: () => void did.push('start'), stop: () => void did.push('stop') },
    {
      hidden: () => isHidden,
      watch: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    {
      after: (leftMs, job) => {
        waiting = { leftMs, job }
        return () => void (waiting = null)
      },
    },
  )
  const turn = (to: boolean) => {
    isHidden = to
    for (const listener of listeners) listener()
  }
  return {
    did,
    end,
    listeners,
    hide: () => turn(true),
    show: () => turn(false),
    pass: (ms: number) => {
      if (waiting === null) return
      waiting.leftMs -= ms
      if (waiting.leftMs > 0) return
      const { job } = waiting
      waiting = null
      job()
    },
  }
}

test('a tab that stays hidden lets its stream go, and takes it up when it is looked at', () => {
  const tab = harness()
  tab.hide()
  tab.pass(REST_AFTER_MS - 1)
  expect(tab.did).toEqual(['start'])
  tab.pass(1)
  expect(tab.did).toEqual(['start', 'stop'])
  tab.show()
  expect(tab.did).toEqual(['start', 'stop', 'start'])
})

test('a glance at another tab costs nothing', () => {
  const tab = harness()
  tab.hide()
  tab.pass(REST_AFTER_MS - 1)
  tab.show()
  tab.pass(REST_AFTER_MS)
  expect(tab.did).toEqual(['start'])
})

test('a tab opened in the background opens no stream until it is looked at', () => {
  const tab = harness({ hidden: true })
  tab.pass(REST_AFTER_MS)
  expect(tab.did).toEqual([])
  tab.show()
  expect(tab.did).toEqual(['start'])
})

test('the end closes what is open, and only that', () => {
  const tab = harness()
  tab.hide()
  tab.end()
  tab.pass(REST_AFTER_MS)
  expect(tab.did).toEqual(['start', 'stop'])
  expect(tab.listeners.size).toBe(0)
  const never = harness({ hidden: true })
  never.end()
  expect(never.did).toEqual([])
})
