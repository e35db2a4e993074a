import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { describe, expect, test } from 'vitest'
import { depart } from '../../../client/lib/departure.ts'
import { askStepUp, stepUpLink } from '../../../client/lib/step-up.ts'
import type { AppRouter } from '../../../server/trpc/router.ts'

const refusal = (code: string) =>
  Object.assign(new TRPCClientError<AppRouter>(code), {
    data: { code: 'PRECONDITION_FAILED', refusal: { code, message: code, hint: null }, requestId: 'r' },
  })

/** A server that answers each call with the next of `answers`. */
function client(answers: unknown[], ask: () => Promise<boolean>) {
  const inputs: unknown[] = []
  const server: TRPCLink<AppRouter> =
    () =>
    ({ op }) =>
      observable((observer) => {
        inputs.push(op.input)
        const answer = answers[inputs.length - 1]
        if (answer instanceof TRPCClientError) observer.error(answer)
        else {
          observer.next({ result: { type: 'data', data: answer } })
          observer.complete()
        }
      })
  return { inputs, trpc: createTRPCClient<AppRouter>({ links: [stepUpLink(ask), server] }) }
}

const request = { requestId: '00000000-0000-4000-8000-000000000001', note: null }

describe('a call that wants a step-up', () => {
  test('waits for the person, is sent again as it was, and its caller sees only the last answer', async () => {
    let asked = 0
    const { inputs, trpc } = client([refusal('step_up_needed'), { message: 'done' }], () => {
      asked += 1
      return Promise.resolve(true)
    })
    expect(await trpc.approvals.withdraw.mutate(request)).toEqual({ message: 'done' })
    expect(asked).toBe(1)
    expect(inputs).toEqual([request, request])
  })

  test('is not sent again when the person cancels', async () => {
    const { inputs, trpc } = client([refusal('step_up_needed')], () => Promise.resolve(false))
    await expect(trpc.approvals.withdraw.mutate(request)).rejects.toMatchObject({
      data: { refusal: { code: 'step_up_needed' } },
    })
    expect(inputs).toHaveLength(1)
  })

  test('asks once: a second such answer is passed on', async () => {
    let asked = 0
    const { inputs, trpc } = client([refusal('step_up_needed'), refusal('step_up_needed')], () => {
      asked += 1
      return Promise.resolve(true)
    })
    await expect(trpc.approvals.withdraw.mutate(request)).rejects.toThrow('step_up_needed')
    expect([asked, inputs.length]).toEqual([1, 2])
  })
})

test('a question that is open when somebody leaves is gone: nobody else’s proof sends their act', async () => {
  const left = askStepUp()
  depart()
  const asked = askStepUp()
  expect(asked).not.toBe(left)
  expect(askStepUp()).toBe(asked)
})

test('other refusals, lost answers and reads go straight through', async () => {
  const never = () => Promise.reject(new Error('nobody is asked'))
  await expect(client([refusal('conflict')], never).trpc.approvals.withdraw.mutate(request)).rejects.toThrow(
    'conflict',
  )
  const lost = new TRPCClientError<AppRouter>('network')
  await expect(client([lost], never).trpc.approvals.withdraw.mutate(request)).rejects.toThrow('network')
  expect(await client([null], never).trpc.session.get.query()).toBeNull()
})
