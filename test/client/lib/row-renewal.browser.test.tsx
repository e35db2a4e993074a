/** Rows that are asked for again while other answers are on their way. */
import { QueryClient, QueryClientProvider, useInfiniteQuery } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { renderHook } from 'vitest-browser-react'
import { useRowRenewal } from '../../../client/lib/row-renewal.ts'

type Row = { id: string; status: string }

const KEY = ['rows']

/** A server that answers when the test says so. */
function server() {
  const status: Record<string, string> = { a: 'pending', b: 'pending' }
  const waiting: (() => void)[] = []
  const asked = (ids: readonly string[]): Promise<Row[]> => {
    const rows = ids.map((id) => ({ id, status: status[id] ?? '' }))
    return new Promise((resolve) => waiting.push(() => resolve(rows)))
  }
  const answer = async (n: number) => {
    await expect.poll(() => waiting.length).toBeGreaterThan(n)
    waiting[n]?.()
  }
  return { status, asked, answer, questions: () => waiting.length }
}

/** The list with its first page there; the renewals that it was told of. */
async function open({ asked, answer }: ReturnType<typeof server>) {
  const told: (readonly string[])[] = []
  const cache = new QueryClient()
  const { result } = await renderHook(
    () => {
      const list = useInfiniteQuery({
        queryKey: KEY,
        queryFn: async ({ pageParam }) => ({ rows: await asked([pageParam]) }),
        initialPageParam: 'a',
        getNextPageParam: (_page, pages) => (pages.length < 2 ? 'b' : null),
      })
      const renew = useRowRenewal<Row>({
        queryKey: KEY,
        ask: asked,
        idsOf: ({ id }) => [id],
        onRenewed: (ids) => told.push(ids),
      })
      const rows = list.data?.pages.flatMap((page) => page.rows) ?? []
      const words = rows.map(({ id, status }) => `${id} ${status}`).join(', ')
      return { words, more: list.fetchNextPage, renew }
    },
    { wrapper: ({ children }) => <QueryClientProvider client={cache}>{children}</QueryClientProvider> },
  )
  await answer(0)
  const words = () => expect.poll(() => result.current.words)
  await words().toBe('a pending')
  return { words, list: result.current, told }
}

test('a row stays up to date when a page comes that was asked for before', async () => {
  const api = server()
  const { words, list, told } = await open(api)
  void list.more()
  api.status['a'] = 'charged'
  const renewed = list.renew(['a'])
  await api.answer(2)
  await renewed
  await words().toBe('a charged')
  expect(told).toEqual([['a']])
  await api.answer(1)
  await words().toBe('a charged, b pending')
})

test('of two questions about a row the later one is right, and is asked after the earlier one', async () => {
  const api = server()
  const { words, list, told } = await open(api)
  api.status['a'] = 'authorized'
  const first = list.renew(['a'])
  await expect.poll(api.questions).toBe(2)
  api.status['a'] = 'charged'
  const second = list.renew(['a'])
  await Promise.resolve()
  expect(api.questions()).toBe(2)
  await api.answer(1)
  await first
  await api.answer(2)
  await second
  await words().toBe('a charged')
  // Nothing to tell of a row that says the same.
  const third = list.renew(['a'])
  await api.answer(3)
  await third
  expect(told).toEqual([['a'], ['a'], []])
})
