import { expect, test } from 'vitest'
import { parseAccessLine } from './access-line.ts'

const request = {
  stream: 'demo',
  kind: 'part',
  status: 200,
  bytes: 61_000,
  seconds: 0.012,
  upstream: '',
  viewer: '::1 a',
}
const parse = (changes: object = {}) => parseAccessLine(JSON.stringify({ ...request, ...changes }))

test('a line of nginx is a request', () => {
  const { seconds, upstream, ...kept } = request
  expect(parse()).toEqual({ ...kept, responseSeconds: seconds })
})

test.each([
  ['a file', { kind: 'segment', upstream: '' }, 0.012],
  ['a playlist that was waited for', { kind: 'blocking', seconds: 0.34, upstream: '0.330' }, 0.01],
  ['one that media was asked for twice', { kind: 'blocking', seconds: 0.34, upstream: '0.001, 0.329' }, 0.01],
  ['one that media did not answer', { kind: 'blocking', seconds: 2.5, upstream: '-' }, 2.5],
  ['clocks that disagree', { kind: 'blocking', seconds: 0.33, upstream: '0.331' }, 0],
  ['a segment while it grew', { kind: 'segment', seconds: 2, upstream: '0.002' }, undefined],
])('the response time of %s is ours alone', (_, changes, expected) => {
  const seconds = parse(changes)?.responseSeconds
  if (expected === undefined) expect(seconds).toBeUndefined()
  else expect(seconds).toBeCloseTo(expected)
})

test.each([
  ['nothing', ''],
  ['no JSON', '{"stream":'],
  ['another shape', '{"stream":"demo"}'],
  ['a name that no stream has', JSON.stringify({ ...request, stream: '../etc' })],
  ['a kind that nobody logs', JSON.stringify({ ...request, kind: 'x"y' })],
  ['bytes that went backwards', JSON.stringify({ ...request, bytes: -1 })],
])('%s is no request', (_, text) => {
  expect(parseAccessLine(text)).toBeUndefined()
})
