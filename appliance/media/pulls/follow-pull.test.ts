import { expect, test } from 'vitest'
import { followPull } from './follow-pull.ts'

const backoff = { firstMs: 1, longestMs: 2 }

/** Looks and plays as told, one after the other, and then is wanted no more. */
function follow(story: ('nothing' | 'ends well' | 'ends ill')[], finite: boolean) {
  const stopping = new AbortController()
  const told: string[] = []
  const look = async () => {
    if (!story.length) stopping.abort()
    return story[0] === 'nothing' ? { why: `nothing ${story.shift()}`.slice(0, 7) } : { found: story.shift() }
  }
  const play = async (found: string | undefined) => ({ well: found === 'ends well', why: `it ${found}` })
  const away = (why: string) => void told.push(why)
  return followPull({ look, play, away, finite, signal: stopping.signal, backoff }).then((over) => ({
    over,
    told,
  }))
}

test('a source that is away is looked for again and again, and each time somebody is told', async () => {
  expect(await follow(['nothing', 'nothing', 'ends ill', 'ends well', 'nothing'], false)).toEqual({
    over: false,
    told: ['nothing', 'nothing', 'it ends ill', 'it ends well', 'nothing'],
  })
})

test('a file that has ended well is over; one that has not is tried again', async () => {
  expect(await follow(['ends ill', 'ends well', 'ends ill'], true)).toEqual({
    over: true,
    told: ['it ends ill'],
  })
})
