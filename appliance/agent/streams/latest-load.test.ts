import { expect, test } from 'vitest'
import { latestLoad } from './latest-load.ts'

test('the load is what media said last, until it has said nothing for three reports', () => {
  let at = 0
  const load = latestLoad(() => at)
  expect(load.now()).toBeUndefined()
  load.take({ viewers: 3, bitsPerSecond: 9e6 })
  at += 6000
  expect(load.now()).toEqual({ viewers: 3, bitsPerSecond: 9e6 })
  at += 1
  expect(load.now()).toBeUndefined()
  load.take({ viewers: 3, bitsPerSecond: 9e6 })
  load.take(undefined)
  expect(load.now(), 'of a release that does not tell').toBeUndefined()
})
