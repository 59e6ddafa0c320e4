import { expect, test } from 'vitest'
import { type LabState, nodeStanding, picture } from './picture.ts'

const node = { id: 'n1', name: 'node-1', claimed: '2a10:0:1::80', alive: { is: true }, streams: [] }
const whole: LabState = {
  nodes: 1,
  troubles: [],
  sites: [{ present: 0 }],
  guests: [],
  down: [],
  listed: [{ ...node, reachable: [{ family: 6, is: true }] }],
}

test('a lab where all is well', () => {
  expect(picture(whole)).toBe(`\
Internet
  ├─────────  cloud     2a10:0:c::1
  │                     45.66.0.1
  ├─router──  node-1    2a10:0:1::80  alive, reachable over IPv6
  ├─────────  viewer-6  2a10:0:f6::6
  ├─────────  viewer-4  45.66.4.4`)
})

test('what is wrong stands where it is wrong', () => {
  const wrong = picture({
    ...whole,
    troubles: [{ kind: 'filter', node: 1 }, { kind: 'blind' }],
    sites: [{ present: 1, former: { generation: 0, is: 'deprecated' } }],
    down: ['relay', 'node-1-media', 'node-1-encoder'],
    listed: [{ ...node, reachable: [{ family: 6, is: false, cause: 'No answer.' }] }],
  })
  expect(wrong).toBe(`\
Internet
  ├────────╳  cloud     2a10:0:c::1                opens no connection over IPv6
  │                     45.66.0.1                  killed: relay
  ├─router─╳  node-1    2a10:1:1::80               alive, unreachable over IPv6: No answer.
  │                     2a10:0:1::80 (deprecated)  the router lets no new connection in
  │                                                killed: media, encoder
  ├─────────  viewer-6  2a10:0:f6::6
  ├─────────  viewer-4  45.66.4.4`)
})

test('who has come since stands below', () => {
  const guests = [{ name: 'impostor-1', ipv6: '2a10:0:1::80' }]
  expect(picture({ ...whole, guests })).toMatch(/ {2}├─{9} {2}impostor-1 {2}2a10:0:1::80$/)
})

test.each<[string, LabState['listed']]>([
  ['the control plane does not answer', undefined],
  ['never heard of', []],
  ['silent, reachable over IPv6', [{ ...node, alive: { is: false }, reachable: [{ family: 6, is: true }] }]],
  ['alive', [{ ...node, reachable: [] }]],
])('a node may be: %s', (words, listed) => expect(nodeStanding(1, listed)).toBe(words))
