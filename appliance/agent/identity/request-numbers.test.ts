import { expect, test } from 'vitest'
import { requestNumbers } from './request-numbers.ts'

test('numbers rise from one within the epoch of this start', () => {
  const numbers = requestNumbers({ epoch: 7, save: async () => {} })
  expect([numbers.next(), numbers.next()]).toEqual([
    { epoch: 7, number: 1 },
    { epoch: 7, number: 2 },
  ])
})

test('an epoch is on the disk before it is used', async () => {
  const saving = Promise.withResolvers<void>()
  const saved: number[] = []
  const numbers = requestNumbers({
    epoch: 7,
    save: async (epoch) => {
      saved.push(epoch)
      await saving.promise
    },
  })
  const jump = numbers.jumpBeyond(41)
  expect(numbers.next()).toEqual({ epoch: 7, number: 1 })
  saving.resolve()
  await jump
  expect(saved).toEqual([42])
  expect(numbers.next()).toEqual({ epoch: 42, number: 1 })
})

test('two requests that are told the same at once give no number twice', async () => {
  const saved: number[] = []
  const numbers = requestNumbers({ epoch: 7, save: async (epoch) => void saved.push(epoch) })
  const given = await Promise.all(
    [41, 41, 12].map(async (known) => {
      await numbers.jumpBeyond(known)
      return numbers.next()
    }),
  )
  expect(saved).toEqual([42])
  expect(new Set(given.map(({ epoch, number }) => `${epoch}/${number}`)).size).toBe(3)
})
