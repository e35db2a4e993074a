import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { inputIssueText } from '../../server/domain/input-issue.ts'

const textOf = (shape: z.ZodType, input: unknown, naming?: 'words' | 'keys') => {
  const parsed = shape.safeParse(input)
  if (parsed.success) throw new Error('the input was meant to be refused')
  return inputIssueText(parsed.error, naming)
}

const shape = z.strictObject({
  amountMinor: z.bigint().min(1n).max(100n).default(1n),
  note: z.string().min(1).max(5).default('x'),
  reason: z.string().min(3).default('xxx'),
  limit: z.int().min(1).max(100).default(1),
  orderIds: z.array(z.uuid()).min(1).max(2).default([]),
  email: z.email().optional(),
  status: z.enum(['open', 'closed']).optional(),
  many: z.enum(Array.from({ length: 13 }, (_, i) => `v${i}`)).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  order_id: z.string().regex(/^\d+$/, 'must be digits').optional(),
  from: z.date().optional(),
  step: z.number().multipleOf(5).optional(),
})

describe('what is wrong with an input', () => {
  test.each<[sentence: string, input: unknown]>([
    ['The request has a member that is not known here: where.', { where: { id: 1 } }],
    ['Limit must be at most 100.', { limit: 101 }],
    ['Limit must be at least 1.', { limit: 0 }],
    ['Limit must be a whole number.', { limit: 1.5 }],
    ['Limit must be a number.', { limit: 'ten' }],
    ['Amount is too small.', { amountMinor: 0n }],
    ['Amount is too large.', { amountMinor: 101n }],
    ['Amount must be a whole number of minor units.', { amountMinor: 5 }],
    ['Note is empty.', { note: '' }],
    ['Note must have at most 5 characters.', { note: 'too long' }],
    ['Reason must have at least 3 characters.', { reason: 'x' }],
    ['Order ids must have at least 1 entry.', { orderIds: [] }],
    ['Order ids, entry 1, is not an ID of Paydesk.', { orderIds: ['nonsense'] }],
    ['Email is not an email address.', { email: 'nobody' }],
    ['Status must be one of open, closed.', { status: 'ajar' }],
    ['Many is not one of the known values.', { many: 'none' }],
    ['Currency is not in the right form.', { currency: 'rupee' }],
    ['Order_id must be digits.', { order_id: 'x' }],
    ['From must be a time.', { from: 'today' }],
    ['Step must be a multiple of 5.', { step: 7 }],
    ['The request must be a set of named fields.', 'text'],
  ])('%s', (sentence, input) => {
    expect(textOf(shape, input)).toBe(sentence)
  })

  test('a member that is not there is missing', () => {
    expect(textOf(z.object({ orderId: z.uuid() }), {})).toBe('Order id is missing.')
  })

  test('programmers read their own keys', () => {
    expect(textOf(shape, { order_id: 'x' }, 'keys')).toBe('order_id must be digits.')
    expect(textOf(shape, [], 'keys')).toBe('The body must be a set of named fields.')
  })

  test('words of ours stand as they are, and long input is not repeated', () => {
    const ours = z.object({ to: z.date().refine(() => false, 'lies before the beginning') })
    expect(textOf(ours, { to: new Date(0) })).toBe('To lies before the beginning.')
    expect(textOf(shape, { ['x'.repeat(500)]: 1 }).length).toBeLessThan(100)
  })
})
