import { SteeringManifest } from '@sixcast/shared/contract/steering.ts'
import { expect, test } from 'vitest'
import { copyOf, SESSION, streamOf, viewingOf } from './fake-copies.ts'
import type { Copy } from './live-streams.ts'
import { pathwaysFor } from './rank-pathways.ts'
import { steeringManifest, unchangedManifest } from './steering-manifest.ts'

const [a, b] = [copyOf('a', '2a01:4f8:1::a'), copyOf('b', '2a01:4f8:2::b', { role: 'unasked' })]
const [wayToA = '', wayToB = ''] = [a, b].map(({ at }) => at?.pathway)

type Asked = { present?: string | undefined; has?: string[]; random?: number }
function manifest(copies: Copy[], { present, has = [wayToA, wayToB, 'relay'], random = 0.5 }: Asked = {}) {
  const stream = streamOf(copies)
  const viewing = viewingOf({ present })
  const pathways = pathwaysFor({ stream, relay: { port: 8080 }, viewing })
  const ticket = { viewer: 'v', session: SESSION, six: false, has }
  const player = { name: stream.name, ticket, present, random }
  return SteeringManifest.parse(steeringManifest({ ...player, stream, pathways }))
}

test('a player is told all pathways, when to ask again, and where', () => {
  expect(manifest([a, b])).toEqual({
    VERSION: 1,
    TTL: 10,
    'RELOAD-URI': `/steer/golive?viewer=v&session=${SESSION}&has=${wayToA}%2C${wayToB}%2Crelay`,
    'PATHWAY-PRIORITY': [wayToA, wayToB, 'relay'],
  })
})

test.each<[string, Copy[], number, number]>([
  ['ten seconds', [a], 0.5, 10],
  ['a fifth less at most', [a], 0, 8],
  ['a fifth more at most', [a], 1, 12],
  ['five seconds while a node is in doubt', [a, { ...b, standing: 'suspect' }], 0.5, 5],
  ['five seconds while one cannot be reached', [a, { ...b, standing: 'unreachable' }], 0, 4],
  ['ten seconds while a new one has not been found yet', [a, { ...b, standing: 'pending' }], 0.5, 10],
])('it asks again after %s', (_, copies, random, seconds) => {
  expect(manifest(copies, { random }).TTL).toBe(seconds)
})

test.each<[string, string | undefined, Copy[], string[]]>([
  ['stays where it is', wayToA, [a, b], [wayToA, wayToB, 'relay']],
  ['comes back from the relay', 'relay', [a], [wayToA, 'relay']],
  [
    'may stay, last of all, at a node that nobody can reach',
    wayToA,
    [{ ...a, standing: 'unreachable' }, b],
    [wayToB, 'relay', wayToA],
  ],
  [
    'follows its node to a new address, and may stay at the old',
    'naaaaaaaa-g000000',
    [a],
    [wayToA, 'relay', 'naaaaaaaa-g000000'],
  ],
])('a player %s', (_, present, copies, expected) => {
  expect(manifest(copies, { present })['PATHWAY-PRIORITY']).toEqual(expected)
})

test('a pathway that the player does not know is told as a clone of one that it knows, once', () => {
  const told = manifest([a, b], { has: [wayToA, 'relay'] })
  expect(told['PATHWAY-CLONES']).toEqual([
    {
      'BASE-ID': 'relay',
      ID: wayToB,
      'URI-REPLACEMENT': {
        'PER-VARIANT-URIS': {
          v720: `http://[2a01:4f8:2::b]:8084/golive/${SESSION}/v720.m3u8`,
          v360: `http://[2a01:4f8:2::b]:8084/golive/${SESSION}/v360.m3u8`,
        },
        'PER-RENDITION-URIS': { audio: `http://[2a01:4f8:2::b]:8084/golive/${SESSION}/audio.m3u8` },
      },
    },
  ])
  const has = new URL(told['RELOAD-URI'], 'http://x').searchParams.get('has')?.split(',')
  expect(has).toEqual([wayToA, 'relay', wayToB])
  expect(manifest([a, b], { has: has ?? [] })).not.toHaveProperty('PATHWAY-CLONES')
})

test('without the relay another pathway is cloned; a player that does not say what it knows is told none', () => {
  expect(manifest([a, b], { has: [wayToA] })['PATHWAY-CLONES']?.map((clone) => clone['BASE-ID'])).toEqual([
    wayToA,
    wayToA,
  ])
  expect(manifest([a, b], { has: [] })).not.toHaveProperty('PATHWAY-CLONES')
})

test.each([
  [wayToA, [wayToA, 'relay']],
  ['relay', ['relay']],
  [undefined, ['relay']],
])('a player at %s of whose stream nothing is known is left there', (present, expected) => {
  const ticket = { viewer: 'v', session: undefined, six: true, has: [] }
  expect(unchangedManifest({ name: 'a/b', ticket, present, random: 0.5 })).toEqual({
    VERSION: 1,
    TTL: 5,
    'RELOAD-URI': '/steer/a%2Fb?viewer=v&six=1&has=',
    'PATHWAY-PRIORITY': expected,
  })
})
