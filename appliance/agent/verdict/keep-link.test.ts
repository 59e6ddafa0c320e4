import { expect, test, vi } from 'vitest'
import type { Answer } from '../requests/answer.ts'
import { keepLink } from './keep-link.ts'

const link = { url: 'https://fleet.example/verdict/x', expiresAt: '2026-01-02T00:00:00.000Z' }

test('one link is made for a day, so that the one that is open on a phone stays good', async () => {
  let at = 0
  const make = vi.fn(async () => ({ kind: 'accepted', body: link }) as const)
  const ask = keepLink(make, () => at)
  expect(await ask()).toEqual(link)
  expect(await ask()).toEqual(link)
  expect(make).toHaveBeenCalledTimes(1)
  at += 24 * 3_600_000
  await ask()
  expect(make).toHaveBeenCalledTimes(2)
})

test.each<[string, Answer<typeof link>, string, RegExp]>([
  ['is away', { kind: 'away', cause: 'silence' }, 'unavailable', /silence/],
  [
    'is of an older release',
    { kind: 'refused', code: 'not-found' },
    'not-found',
    /older release and makes no links/,
  ],
])('a control plane that %s is asked again the next time', async (_, answer, code, message) => {
  const make = vi.fn(async () => answer)
  const ask = keepLink(make)
  await expect(ask()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  await expect(ask()).rejects.toMatchObject({ code })
  expect(make).toHaveBeenCalledTimes(2)
})
