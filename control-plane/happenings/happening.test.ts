import { expect, test } from 'vitest'
import type { NodeBrief } from '../nodes/node-brief.ts'
import { happenings, type Seen, seenOf } from './happening.ts'

const there: Seen = {
  presence: 'there',
  addresses: ['2001:4dd0::7'],
  streams: ['golive'],
  release: '1.0',
  instance: 'a',
}

test.each<[string, Partial<Seen>, Partial<Seen>, string[]]>([
  ['nothing', {}, {}, []],
  ['its silence', {}, { presence: 'silent' }, ['It fell silent.']],
  ['its return', { presence: 'silent' }, {}, ['Viewers reached it again.']],
  ['its first reach', { presence: 'arriving' }, {}, ['Viewers reached it for the first time.']],
  ['a closed router', {}, { presence: 'missed' }, ['Viewers no longer reached it.']],
  ['a beat before the probe', { presence: 'silent' }, { presence: 'arriving' }, []],
  [
    'a copied key',
    {},
    { presence: 'copied' },
    ['A second machine spoke with its key: it came into quarantine.'],
  ],
  ['its end', {}, { presence: 'retired' }, ['It was revoked.']],
  ['a move', {}, { addresses: ['2001:4dd0::8'] }, ['It moved from 2001:4dd0::7 to 2001:4dd0::8.']],
  [
    'a second address',
    {},
    { addresses: ['2001:4dd0::7', '198.51.100.7'] },
    ['It asked to be found at 198.51.100.7 too.'],
  ],
  ['an address that it no longer names', {}, { addresses: [] }, []],
  ['two machines that take turns', { presence: 'copied' }, { presence: 'copied', instance: 'b' }, []],
  ['a restart', {}, { instance: 'b' }, ['Its agent started anew.']],
  [
    'an update',
    {},
    { instance: 'b', release: '1.1' },
    ['Its agent started anew.', 'It runs release 1.1 now, 1.0 before.'],
  ],
  ['the end of a stream', {}, { streams: [] }, ['golive was no longer live on it.']],
  ['a stream more', {}, { streams: ['golive', 'harbour'] }, ['harbour went live on it.']],
])('between two looks: %s', (_, before, after, words) => {
  const found = happenings({ ...there, ...before }, { ...there, ...after })
  expect(found.map((each) => each.words)).toEqual(words)
})

test('of one that is seen for the first time only its enrolment is told', () => {
  expect(happenings(undefined, there)).toEqual([])
  expect(happenings(undefined, { ...there, presence: 'arriving' })).toEqual([
    { kind: 'fleet', words: 'It was enrolled.' },
  ])
})

test.each<[Partial<NodeBrief>, Seen['presence']]>([
  [{}, 'there'],
  [{ kind: 'doubtful' }, 'there'],
  [{ kind: 'down' }, 'missed'],
  [{ kind: 'down', isAlive: false, heardAt: new Date() }, 'silent'],
  [{ kind: 'down', isAlive: false }, 'arriving'],
  [{ kind: 'down', urgency: 3 }, 'copied'],
  [{ kind: 'retired' }, 'retired'],
  [{ kind: 'out' }, 'there'],
])('a node that is %j', (brief, presence) => {
  const node: NodeBrief = {
    ...{ id: 'a', name: 'a', kind: 'well', urgency: 1, addresses: [], isAlive: true, streams: [] },
    ...brief,
  }
  expect(seenOf(node).presence).toBe(presence)
})
