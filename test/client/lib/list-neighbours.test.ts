import { expect, test } from 'vitest'
import { neighbourOf, rememberList } from '../../../client/lib/list-neighbours.ts'

test('the next and the previous record are those of the list that was opened', () => {
  expect(neighbourOf('B', 1)).toBeNull()
  rememberList(listOf('A', 'B', 'C'))
  expect([neighbourOf('B', 1), neighbourOf('B', -1)]).toEqual(['C', 'A'])
  expect([neighbourOf('C', 1), neighbourOf('A', -1), neighbourOf('X', 1)]).toEqual([null, null, null])
  rememberList(listOf('C', 'B'))
  expect(neighbourOf('B', -1)).toBe('C')
})

const listOf = (...refs: string[]) => refs.map((orderRef) => ({ orderRef }))
