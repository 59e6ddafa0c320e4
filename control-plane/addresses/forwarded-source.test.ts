import { expect, test } from 'vitest'
import { forwardedSource, isNetwork, ownProxies } from './forwarded-source.ts'

const isOwn = ownProxies(['127.0.0.1', '2a01:4f8::/32', '10.0.0.0/8'])
const VIEWER = '2003:e7::7'

test.each([
  ['nobody of ours says anything', VIEWER, undefined, VIEWER],
  ['a stranger claims to be another', VIEWER, '127.0.0.1', VIEWER],
  ['a proxy says for whom', '127.0.0.1', VIEWER, VIEWER],
  ['the viewer has put something before it', '127.0.0.1', `8.8.8.8, ${VIEWER}`, VIEWER],
  ['he even claims to be a proxy of ours', '127.0.0.1', `8.8.8.8, 10.1.2.3, ${VIEWER}`, VIEWER],
  ['one proxy of ours stands before another', '127.0.0.1', `8.8.8.8, ${VIEWER}, 2a01:4f8::1`, VIEWER],
  ['spelt otherwise', '127.0.0.1', '::ffff:9.9.9.9', '9.9.9.9'],
  ['a proxy says nothing', '127.0.0.1', undefined, '127.0.0.1'],
  ['a proxy says nonsense', '127.0.0.1', 'unknown', '127.0.0.1'],
  ['all of it is ours', '127.0.0.1', '10.0.0.1, 2a01:4f8::1', '10.0.0.1'],
  ['the connection is gone', '', VIEWER, ''],
])('%s', (_, peer, forwardedFor, source) => {
  expect(forwardedSource(peer, forwardedFor, isOwn)).toBe(source)
})

test('where no proxy is named, none is believed', () => {
  expect(forwardedSource('127.0.0.1', VIEWER, ownProxies([]))).toBe('127.0.0.1')
})

test.each([
  ['192.0.2.7', true],
  ['192.0.2.0/24', true],
  ['2a01::1', true],
  ['2a01::/128', true],
  ['192.0.2.0/33', false],
  ['192.0.2.0/', false],
  ['192.0.2.0/8/8', false],
  ['proxy.example', false],
  ['', false],
])('%j is a network: %s', (network, is) => expect(isNetwork(network)).toBe(is))
