import { describe, expect, test, vi } from 'vitest'
import { gridState, isUnknownOutcome, outcomeOf, refusalOf, toProblem } from '../../../client/lib/errors.ts'

const answered = (data: unknown) => Object.assign(new Error('SELECT secret FROM account'), { data })
const refused = answered({
  code: 'PRECONDITION_FAILED',
  refusal: { code: 'nothing_left', message: 'Nothing is left to refund.', hint: 'It was refunded by Rohan.' },
  requestId: 'req_1',
})
const broken = answered({ code: 'INTERNAL_SERVER_ERROR', refusal: null, requestId: 'req_2' })
const unanswered = new TypeError('Failed to fetch')

describe('toProblem', () => {
  test('a fault of ours gives the reference and never the server text', () => {
    const problem = toProblem(broken, 'transactions')
    expect(problem.title).toBe("We couldn't load transactions.")
    expect(problem.requestId).toBe('req_2')
    expect(JSON.stringify(problem)).not.toContain('SELECT')
  })

  test('a missing permission says so', () => {
    const forbidden = answered({
      code: 'FORBIDDEN',
      refusal: {
        code: 'permission_denied',
        message: 'Your role (Viewer) cannot read the audit log.',
        hint: null,
      },
      requestId: null,
    })
    expect(toProblem(forbidden, 'the audit log')).toMatchObject({
      title: "You can't see the audit log.",
      message: 'Your role (Viewer) cannot read the audit log.',
    })
  })

  test('no answer tells offline from a silent server', () => {
    vi.stubGlobal('navigator', { onLine: false })
    expect(toProblem(unanswered, 'x').message).toContain('offline')
    vi.stubGlobal('navigator', { onLine: true })
    expect(toProblem(unanswered, 'x').message).toContain('did not answer')
    vi.unstubAllGlobals()
  })
})

describe('what became of an act', () => {
  test('no answer and faults of ours are unknown; a refusal is known', () => {
    expect(isUnknownOutcome(unanswered)).toBe(true)
    expect(isUnknownOutcome(broken)).toBe(true)
    expect(isUnknownOutcome(answered({ data: 'html from a proxy' }))).toBe(true)
    expect(isUnknownOutcome(refused)).toBe(false)
    // Some step of the act found no connection; the ones before it were done.
    expect(isUnknownOutcome(answered({ code: 'SERVICE_UNAVAILABLE', refusal: null, requestId: 'r' }))).toBe(
      true,
    )
  })

  test('an unknown outcome is never called a failure', async () => {
    const outcome = await outcomeOf(() => Promise.reject(unanswered))
    expect(outcome).toMatchObject({ kind: 'refused', title: "We don't know yet if this was done." })
  })

  test('a refusal speaks with its own sentence and hint', async () => {
    expect(await outcomeOf(() => Promise.reject(refused))).toEqual({
      kind: 'refused',
      title: 'Nothing is left to refund.',
      message: 'It was refunded by Rohan.',
    })
    expect(refusalOf(refused)?.code).toBe('nothing_left')
  })

  test('done is done', async () => {
    expect(await outcomeOf(() => Promise.resolve(1))).toEqual({ kind: 'done' })
  })
})

describe('gridState', () => {
  const query = {
    status: 'success' as const,
    error: null,
    isFetching: false,
    isPlaceholderData: false,
    data: {},
    refetch: () => Promise.resolve(),
  }

  test('rows of another filter are dimmed, so nobody acts on them as if they matched', () => {
    expect(gridState({ ...query, isPlaceholderData: true, isFetching: true }, 'x')).toEqual({
      kind: 'refreshing',
      stale: true,
    })
  })

  test('a failed renewal keeps the rows, a failed first load shows the error', () => {
    expect(gridState({ ...query, status: 'error', error: broken }, 'x')).toEqual({
      kind: 'refreshing',
      stale: true,
    })
    expect(gridState({ ...query, status: 'error', error: broken, data: undefined }, 'x').kind).toBe('error')
  })

  test('a role that may not look gets the forbidden state even when rows are still cached', () => {
    const error = answered({ code: 'FORBIDDEN', refusal: null, requestId: null })
    expect(gridState({ ...query, status: 'error', error }, 'x').kind).toBe('forbidden')
  })
})
