import { expect, onTestFinished, test, vi } from 'vitest'
import { followPull } from './follow-pull.ts'

const backoff = { firstMs: 1, longestMs: 2 }

/** Looks and plays as told, one after the other, and then is wanted no more. */
function follow(story: ('nothing' | 'is over' | 'ends')[]) {
  const stopping = new AbortController()
  const told: string[] = []
  const look = async () => {
    if (!story.length) stopping.abort()
    return story[0] === 'nothing' ? { why: `nothing ${story.shift()}`.slice(0, 7) } : { found: story.shift() }
  }
  const play = async (found: string | undefined) => ({ isOver: found === 'is over', why: `it ${found}` })
  const away = (why: string) => void told.push(why)
  return followPull({ look, play, away, signal: stopping.signal, backoff }).then((over) => ({
    over,
    told,
  }))
}

test('a source that is away is looked for again and again, and each time somebody is told', async () => {
  expect(await follow(['nothing', 'nothing', 'ends', 'nothing'])).toEqual({
    over: false,
    told: ['nothing', 'nothing', 'it ends', 'nothing'],
  })
})

test('a source that is over is not looked for any more', async () => {
  expect(await follow(['ends', 'is over', 'ends'])).toEqual({
    over: true,
    told: ['it ends'],
  })
})

test('after it has played for long a source is looked for at once, and then as patiently as at first', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const stopping = new AbortController()
  const lookedAt: number[] = []
  const following = followPull({
    look: async () => (lookedAt.push(performance.now()) === 6 ? { found: 'it' } : { why: 'away' }),
    play: () =>
      new Promise((resolve) => setTimeout(() => resolve({ isOver: false, why: 'it broke' }), 30_000)),
    away: () => lookedAt.length === 9 && stopping.abort(),
    signal: stopping.signal,
    backoff: { firstMs: 1000, longestMs: 60_000 },
  })
  await vi.advanceTimersByTimeAsync(300_000)
  expect(await following).toBe(false)
  const waited = lookedAt.slice(1).map((at, before) => at - (lookedAt[before] ?? 0))
  expect(waited[4]).toBeGreaterThanOrEqual(8000) // the fifth failure in a row
  expect(waited[5]).toBe(30_000) // it played, and that was all
  expect(waited[6]).toBeLessThanOrEqual(1000)
})
