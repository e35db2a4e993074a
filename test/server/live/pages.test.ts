import { expect, test } from 'vitest'
import { createPages, PAGE_ITEMS } from '../../../server/live/pages.ts'

type Item = { cursor: string }
const item = (seq: number): Item => ({ cursor: `1:${seq}` })
const numbers = (items: readonly Item[]) => items.map(({ cursor }) => Number(cursor.split(':')[1]))

/** A feed of `last` items, read when the test lets it. */
function harness(last: number) {
  const asked: string[] = []
  const held: (() => void)[] = []
  let floor = '0:0'
  const pages = createPages<Item>(
    {
      currentCursor: () => Promise.resolve('0:0'),
      async readFeed(_account, cursor, limit) {
        asked.push(cursor)
        // What is read is what there is now, whenever the answer comes.
        const from = cursor === '0:0' ? 0 : (numbers([{ cursor }])[0] ?? 0)
        const items = Array.from({ length: Math.min(limit, last - from) }, (_, i) => item(from + i + 1))
        await new Promise<void>((resolve) => held.push(resolve))
        return items
      },
    },
    'account',
    () => floor,
  )
  return {
    pages,
    asked,
    setFloor: (to: string) => void (floor = to),
    write: (to: number) => void (last = to),
    answer: () => {
      for (const go of held.splice(0)) go()
    },
  }
}

test('streams that ask while a page is read share it, and none goes on from further than it reaches', async () => {
  const { pages, asked, setFloor, write, answer } = harness(10)
  setFloor('1:10')
  const first = pages.after('1:5', true)
  // Items 11 to 20 commit and fall out of what the tail keeps before the second stream asks.
  write(20)
  setFloor('1:20')
  const second = pages.after('1:5', true)
  await expect.poll(() => asked.length).toBe(1)
  answer()
  for (const { page, cursor, full } of await Promise.all([first, second])) {
    expect(numbers(page.items)).toEqual([6, 7, 8, 9, 10])
    expect({ cursor, full }).toEqual({ cursor: '1:10', full: false })
  }
})

test('a full page serves whoever comes after, from wherever in it, and only who asks for the same', async () => {
  const { pages, asked, answer } = harness(PAGE_ITEMS * 2)
  const read = async (cursor: string, events: boolean) => {
    const count = asked.length
    const page = pages.after(cursor, events)
    await expect.poll(() => asked.length).toBe(count + 1)
    answer()
    return page
  }
  const whole = await read('0:0', true)
  const later = await pages.after('1:400', true)
  expect(asked).toEqual(['0:0'])
  expect(numbers(later.page.items)).toEqual(numbers(whole.page.items).slice(400))
  expect(later.page.whole).toBe(whole.page)
  expect(later).toMatchObject({ full: true, cursor: `1:${PAGE_ITEMS}` })
  await read('1:400', false)
  expect(asked).toEqual(['0:0', '1:400'])
})

test('at the end with nothing left, a stream goes on from the floor', async () => {
  const { pages, asked, setFloor, answer } = harness(5)
  setFloor('7:1')
  const page = pages.after('1:5', true)
  await expect.poll(() => asked.length).toBe(1)
  answer()
  expect(await page).toMatchObject({ full: false, cursor: '7:1' })
})
