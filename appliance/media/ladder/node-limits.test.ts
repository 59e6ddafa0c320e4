import { expect, test } from 'vitest'
import { nodeLimits } from './node-limits.ts'

test('a stream beyond the most is refused, and one that is there goes on', () => {
  const limits = nodeLimits()
  expect(limits.full('c', ['a', 'b'])).toBeUndefined()
  expect([limits.told({ mostStreams: 2 }), limits.told({ mostStreams: 2 })]).toEqual([true, false])
  expect(limits.full('c', ['a', 'b'])).toMatchObject({
    code: 'node-full',
    message: expect.stringContaining('2 streams at most'),
  })
  expect(limits.full('b', ['a', 'b'])).toBeUndefined()
  expect(limits.full('b', ['a', 'a'])).toBeUndefined()
  limits.told({ mostStreams: 0 })
  expect(limits.full('a', [])).toMatchObject({ code: 'node-full' })
  limits.told({})
  expect(limits.full('c', ['a', 'b'])).toBeUndefined()
})
