/** Wake-ups between processes: several topics at once, on one connection, one statement at a time. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWakeups, WAKE_TOPICS } from '../../../server/live/wake.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('every topic woken here is heard there, and the connection is never asked two things at once', async () => {
  const warnings: string[] = []
  const note = (warning: Error) => warnings.push(warning.message)
  process.on('warning', note)
  const here = createWakeups(database.url, { warn: () => undefined })
  const there = createWakeups(database.url, { warn: () => undefined })
  const heard = new Set<string>()
  for (const topic of WAKE_TOPICS) there.on(topic, () => heard.add(topic))
  // Both announce all topics once they are connected.
  await expect.poll(() => heard.size).toBe(WAKE_TOPICS.length)
  for (let round = 0; round < 10; round += 1) {
    heard.clear()
    await expect
      .poll(() => {
        for (const topic of WAKE_TOPICS) here.wake(topic)
        return heard.size
      })
      .toBe(WAKE_TOPICS.length)
  }
  await Promise.all([here.close(), there.close()])
  process.off('warning', note)
  expect(warnings).toEqual([])
})
