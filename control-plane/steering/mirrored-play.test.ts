import { SteeringManifest } from '@sixcast/shared/contract/steering.ts'
import { beforeEach, expect, test } from 'vitest'
import { SESSION, startTestMirrors } from '../mirrors/start-test-mirrors.ts'
import { fleetSnapshot } from './fleet-snapshot.ts'
import { pathwayChoice } from './pathway-choice.ts'
import { RELAY } from './pathway-id.ts'
import type { Viewing } from './rank-rules.ts'

const { rooms, healthyNode, newStream, planMirrors, clear } = await startTestMirrors()

type Node = Awaited<ReturnType<typeof foundNode>>
let name: string
let origin: Node
let mirror: Node
beforeEach(async () => {
  await clear()
  name = await newStream()
  origin = await foundNode('2a01:4f8::1')
  mirror = await foundNode('2a01:4f8:2::1')
  await origin.report(name)
})

async function foundNode(address: string) {
  const node = await healthyNode(address)
  const since = new Date(Date.now() - 60_000)
  await rooms.reachability.recordFact({ nodeId: node.id, family: 6, address, reachable: true, at: since })
  return node
}

async function order() {
  await rooms.mirrorDesk.choose(name, { nodes: [mirror.id] })
  await planMirrors()
}

/** By a control plane that has looked at nothing yet. */
const choice = () =>
  pathwayChoice({ fleet: fleetSnapshot({ copies: rooms.copies, report: () => {} }), relayPort: 8080 })

const viewing = (changes: Partial<Viewing> = {}): Viewing => ({
  address: '2a02:8071::5',
  requestHost: 'live.example',
  six: false,
  viewer: 'viewer',
  exclude: [],
  ...changes,
})
const nodesFor = async (asked: Viewing, by = choice()) =>
  (await by.begin(name, asked)).pathways.map(({ copy }) => copy?.node.id ?? RELAY)

test('the origin and its mirror are both ways to a stream, and the relay after them', async () => {
  await order()
  expect(await nodesFor(viewing())).toEqual([origin.id, RELAY])
  await mirror.report(name, { role: 'mirror' })
  const ways = await nodesFor(viewing())
  expect([ways.toSorted(), ways.at(-1)]).toEqual([[origin.id, mirror.id, RELAY].toSorted(), RELAY])
})

test('half of the viewers go to each', async () => {
  await order()
  await mirror.report(name, { role: 'mirror' })
  const by = choice()
  const firsts = await Promise.all(
    Array.from(
      { length: 400 },
      async (_, at) => (await nodesFor(viewing({ viewer: `viewer ${at}` }), by))[0],
    ),
  )
  const share = firsts.filter((id) => id === mirror.id).length / firsts.length
  expect(firsts.every((id) => id === mirror.id || id === origin.id)).toBe(true)
  expect([share > 0.4, share < 0.6]).toEqual([true, true])
})

test('a viewer stays where he plays, whatever the lot says', async () => {
  await order()
  await mirror.report(name, { role: 'mirror' })
  const by = choice()
  const { pathways } = await by.begin(name, viewing())
  for (const { pathway } of pathways.filter(({ copy }) => copy)) {
    const ticket = { viewer: 'viewer', session: SESSION, six: false, has: [] }
    const seen = { address: '2a02:8071::5', requestHost: 'live.example' }
    const manifest = SteeringManifest.parse(
      await by.steer(name, { ticket, exclude: [], present: pathway, seen }),
    )
    expect(manifest['PATHWAY-PRIORITY'][0]).toBe(pathway)
  }
})

test('a mirror that has another session is no way to the stream', async () => {
  await order()
  await mirror.report(name, { role: 'mirror' }, 's00000000000b')
  expect(await nodesFor(viewing())).toEqual([origin.id, RELAY])
})

test('who says to copy a stream unasked gets no viewer before the origin, however long it has said so', async () => {
  await mirror.report(name, { role: 'mirror' })
  for (const viewer of ['a', 'b', 'c', 'd', 'e', 'f'])
    expect(await nodesFor(viewing({ viewer }))).toEqual([origin.id, mirror.id, RELAY])
  const { candidates } = await choice().explain(name, viewing())
  expect(candidates.map(({ copy, why }) => [copy?.role, why])).toEqual([
    ['origin', 'Nothing is better.'],
    ['unasked', expect.stringContaining('nobody has asked it to copy')],
    [undefined, expect.any(String)],
  ])
})

test('an operator reads which way is a mirror', async () => {
  await order()
  await mirror.report(name, { role: 'mirror' })
  const { candidates } = await choice().explain(name, viewing())
  expect(candidates.find(({ copy }) => copy?.node.id === mirror.id)?.copy).toMatchObject({
    role: 'mirror',
    standing: 'healthy',
  })
})

test('viewers go on at the mirror once the origin is no part of the fleet any more', async () => {
  await order()
  await mirror.report(name, { role: 'mirror' })
  await rooms.fleetRegister.revokeNode(origin.id)
  expect(await nodesFor(viewing())).toEqual([mirror.id, RELAY])
})
