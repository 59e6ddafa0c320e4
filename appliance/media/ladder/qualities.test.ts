import { expect, test } from 'vitest'
import { Qualities } from './qualities.ts'

test.each([[['720p', '360p']], [['240p']], [['1080p', '720p', '480p', '360p', '240p']]])(
  '%j can be ordered',
  (names) => {
    expect(Qualities.parse(names)).toEqual(names)
  },
)

test.each([[[]], [['4k']], [['720p', '720p']], ['720p'], [[720]]])(
  '%j is refused with what there is',
  (names) => {
    const { error } = Qualities.safeParse(names)
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'must be some of 1080p, 720p, 480p, 360p, 240p, each once',
    ])
  },
)
