import { expect, test } from 'vitest'
import { streamProblems } from './stream-problems.ts'

const words = ({ of }: ReturnType<typeof streamProblems>) => of('cam').map(({ what }) => what)

test('what is said of one matter takes the place of what was said before', () => {
  const problems = streamProblems()
  problems.note('cam', 'Its source left.', 'absence')
  problems.note('cam', 'The memory is full.')
  problems.note('cam', 'Its source left. The stream was back after 4 s.', 'absence')
  expect(words(problems)).toEqual(['The memory is full.', 'Its source left. The stream was back after 4 s.'])
})

test('what holds of a stream is said once, by its time, whatever else happens, and no more when it holds no longer', () => {
  let now = new Date(0)
  const problems = streamProblems(() => now)
  const hold = (...names: string[]) => problems.hold('catalog', names, (name) => `Nobody knows ${name}.`)
  hold('cam', 'door')
  now = new Date(2000)
  for (let at = 0; at < 12; at++) problems.note('cam', `It is away for the ${at}. time.`)
  hold('cam')
  expect(problems.of('cam')).toHaveLength(10)
  expect(problems.of('cam')[0]).toEqual({ at: '1970-01-01T00:00:00.000Z', what: 'Nobody knows cam.' })
  expect(problems.of('door')).toEqual([])
  hold()
  expect(words(problems)).not.toContain('Nobody knows cam.')
})

test('what is said again is said once, with its last time', () => {
  let now = new Date(0)
  const problems = streamProblems(() => now)
  problems.note('cam', 'It is away.')
  now = new Date(1000)
  problems.note('cam', 'It is away.')
  expect(problems.of('cam')).toEqual([{ at: '1970-01-01T00:00:01.000Z', what: 'It is away.' }])
})

test('the last ten are kept', () => {
  const problems = streamProblems()
  for (let at = 0; at < 12; at++) problems.note('cam', String(at))
  expect(words(problems)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', '10', '11'])
})
