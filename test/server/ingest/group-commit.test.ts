import { describe, expect, test } from 'vitest'
import {
  createGroupCommit,
  LateError,
  QUEUE_MAX,
  QueueFullError,
} from '../../../server/webhooks/group-commit.ts'

type Write = { items: readonly string[]; commit(): void; fail(error: unknown): void }

/** A group commit whose writes end when the test says so. */
function held(isOfContent: (error: unknown) => boolean = () => false) {
  const writes: Write[] = []
  const group = createGroupCommit<string, string>({
    write: (items) =>
      new Promise((resolve, reject) => {
        writes.push({ items, commit: () => resolve(items.map((item) => `${item}!`)), fail: reject })
      }),
    bytesOf: (item) => item.length,
    isOfContent,
  })
  const submit = (item: string, deadline = Infinity) => {
    const result = group.submit(item, deadline)
    result.catch(() => undefined)
    return result
  }
  const started = (count: number) => expect.poll(() => writes.length).toBe(count)
  return { group, writes, submit, started }
}

describe('group commit', () => {
  test('stores a lone delivery at once', async () => {
    const { writes, submit, started } = held()
    const result = submit('a')
    await started(1)
    writes[0]?.commit()
    expect(await result).toBe('a!')
  })

  test('gathers what arrives while others are being committed, and answers each only after its own commit', async () => {
    const { writes, submit, started } = held()
    const first = submit('a')
    await started(1)
    const second = submit('b')
    await started(2)
    const later = ['c', 'd', 'e'].map((item) => submit(item))
    const answered: string[] = []
    for (const result of later) void result.then((text) => answered.push(text))
    writes[0]?.commit()
    expect(await first).toBe('a!')
    await started(3)
    expect(writes[2]?.items).toEqual(['c', 'd', 'e'])
    writes[1]?.commit()
    expect(await second).toBe('b!')
    expect(answered).toEqual([])
    writes[2]?.commit()
    expect(await Promise.all(later)).toEqual(['c!', 'd!', 'e!'])
  })

  test('a group that fails fails everybody in it, and the next is tried', async () => {
    const { writes, submit, started } = held()
    const both = [submit('a'), submit('b')]
    await started(1)
    writes[0]?.fail(new Error('away'))
    for (const result of both) await expect(result).rejects.toThrow('away')
    const next = submit('c')
    await started(2)
    writes[1]?.commit()
    expect(await next).toBe('c!')
  })

  test('one delivery that cannot be stored takes nobody with it', async () => {
    const { writes, submit, started } = held((error) => error instanceof RangeError)
    const [a, poison, c] = ['a', 'poison', 'c'].map((item) => submit(item))
    await started(1)
    writes[0]?.fail(new RangeError('one of them'))
    await started(2)
    writes[1]?.commit()
    await started(3)
    writes[2]?.fail(new RangeError('this one'))
    await started(4)
    writes[3]?.commit()
    expect([await a, await c]).toEqual(['a!', 'c!'])
    await expect(poison).rejects.toThrow('this one')
  })

  test('refuses at once when too much waits, and takes again when there is room', async () => {
    const { group, writes, submit, started } = held()
    void submit('first')
    await started(1)
    void submit('second')
    await started(2)
    for (let n = 0; n < QUEUE_MAX; n += 1) void submit(`x${n}`)
    expect(group.waiting()).toBe(QUEUE_MAX)
    await expect(submit('too many')).rejects.toBeInstanceOf(QueueFullError)
    writes[0]?.commit()
    await started(3)
    const answered: string[] = []
    const room = submit('now')
    void room.then((text) => answered.push(text))
    let committed = 0
    await expect
      .poll(() => {
        for (; committed < writes.length; committed += 1) writes[committed]?.commit()
        return answered
      })
      .toEqual(['now!'])
  })

  test('tells whoever waits too long, and leaves out what nobody waits for any more', async () => {
    const { writes, submit, started } = held()
    const stuck = submit('a', performance.now() + 50)
    await started(1)
    void submit('b')
    await started(2)
    const abandoned = submit('abandoned', performance.now() + 50)
    const kept = submit('kept')
    for (const late of [stuck, abandoned]) await expect(late).rejects.toBeInstanceOf(LateError)
    writes[0]?.commit()
    await started(3)
    expect(writes[2]?.items).toEqual(['kept'])
    writes[2]?.commit()
    expect(await kept).toBe('kept!')
  })
})
