import type { RequestListener } from 'node:http'
import { createKeyPair, type KeyPair, nodeId } from '@sixcast/shared/contract/identity-key.ts'
import { expect, test, vi } from 'vitest'
import { box, nothingHere, signing, startTestProber } from '../../tests/setup/start-test-prober.ts'

const { rooms, db, enrolledNode, leaseOf, prober, beat, factOf } = await startTestProber()

test('a node that signs the nonce is reachable, and viewers are sent to where it was found', async () => {
  const node = await enrolledNode()
  const port = await box(signing(node.keys))
  await beat(node, port)
  await prober([port]).probeNow(node.id)
  expect(await factOf(node)).toMatchObject({ family: 4, is: true })
  expect((await leaseOf(node.id))?.proven).toBe('127.0.0.1')
})

test('a node that is found in both families is judged in each', async () => {
  const node = await enrolledNode()
  const port = await box(signing(node.keys))
  let answer = signing(node.keys)
  await box((...asked) => answer(...asked), '::1', port)
  await beat(node, port)
  await rooms.otherAddresses.keep({ epoch: 1, number: 1, nodeId: node.id, address: '::1', source: '::1' })
  const { probeNow } = prober([port])
  const found = async () => {
    await probeNow(node.id)
    return (await rooms.nodeViews.find(node.id))?.reachable.map(({ family, is }) => [family, is])
  }
  expect(await found()).toEqual([
    [6, true],
    [4, true],
  ])
  answer = nothingHere
  expect(await found()).toEqual([
    [6, false],
    [4, true],
  ])
  const { proven } = await db
    .selectFrom('other_address')
    .select('proven')
    .where('node_id', '=', node.id)
    .executeTakeFirstOrThrow()
  expect([(await leaseOf(node.id))?.proven, proven]).toEqual(['127.0.0.1', true])
})

test('an other address that it did not speak from is never asked, and is thought of seldom', async () => {
  const node = await enrolledNode()
  const port = await box(signing(node.keys))
  await box(() => expect.fail('asked'), '::1', port)
  await beat(node, port)
  await rooms.otherAddresses.keep({
    epoch: 1,
    number: 1,
    nodeId: node.id,
    address: '::1',
    source: '127.0.0.1',
  })
  await prober([port]).probeNow(node.id)
  const view = await rooms.nodeViews.find(node.id)
  expect(view?.reachable).toMatchObject([
    { family: 6, is: false, cause: expect.stringContaining('came from 127.0.0.1') },
    { is: true },
  ])
  const { due_at } = await db
    .selectFrom('standing')
    .select('due_at')
    .where('node_id', '=', node.id)
    .where('family', '=', 6)
    .executeTakeFirstOrThrow()
  expect(due_at.getTime()).toBeGreaterThan(Date.now() + 15_000)
})

test('a node that has moved is looked at where it is now, while its old address still lets the prober wait', async () => {
  const node = await enrolledNode()
  const hanging = Promise.withResolvers<void>()
  const old = await box(() => hanging.resolve())
  const port = await box(signing(node.keys), '127.0.0.2')
  const { probeNow, stop } = prober([old, port])
  await beat(node, old)
  const first = probeNow(node.id)
  await hanging.promise
  await beat(node, port, '127.0.0.2')
  await db.updateTable('lease').set({ source: '127.0.0.2' }).where('node_id', '=', node.id).execute()
  await probeNow(node.id)
  expect((await leaseOf(node.id))?.proven).toBe('127.0.0.2')
  await first
  await stop()
  expect(await factOf(node)).toMatchObject({ is: true })
  const [standing] = await rooms.standings.findEach(node.id, new Date())
  expect(standing).toMatchObject({ address: '127.0.0.2', standing: { state: 'pending' } })
})

test.each<[string, (keys: KeyPair) => RequestListener, RegExp]>([
  ['somebody else’s box', () => signing(createKeyPair()), /else than this node/],
  ['a box that claims to be it', (keys) => signing(createKeyPair(), nodeId(keys.publicKey)), /else than/],
  ['a web page', () => (_, response) => response.end('<h1>Router</h1>'), /else than/],
  ['an error', () => (_, response) => response.writeHead(502).end(), /answers 502/],
  ['a web server without an agent', () => (_, response) => response.writeHead(503).end(), /agent behind it/],
  ['a web server of somebody else', () => (_, response) => response.writeHead(404).end('?'), /else than/],
  ['the node itself, which has moved', () => nothingHere, /not at this address any more/],
  [
    'a way to somewhere else',
    () => (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    /answers 302/,
  ],
  ['more than an answer', () => (_, response) => response.end('x'.repeat(100_000)), /./],
  ['a hang-up', () => (request) => request.socket.destroy(), /./],
])('%s at the address is not the node', async (_, answer, cause) => {
  const node = await enrolledNode()
  const port = await box(answer(node.keys))
  await beat(node, port)
  await prober([port]).probeNow(node.id)
  expect(await factOf(node)).toMatchObject({ is: false, cause: expect.stringMatching(cause) })
  expect((await leaseOf(node.id))?.proven).toBeNull()
})

test('a node of an older release, which signs at its playback port alone, is reachable if viewers’ port answers', async () => {
  const node = await enrolledNode()
  const [cdn, playback] = [await box(nothingHere), await box(signing(node.keys))]
  await beat(node, cdn, '127.0.0.1', playback)
  await prober([cdn, playback]).probeNow(node.id)
  expect(await factOf(node)).toMatchObject({ is: true })
  await beat(node, 1, '127.0.0.1', playback)
  await prober([1, playback]).probeNow(node.id)
  expect(await factOf(node), 'nobody watches at the playback port').toMatchObject({ is: false })
})

test('silence is given three seconds', async () => {
  const node = await enrolledNode()
  const port = await box(() => {})
  await beat(node, port)
  await prober([port]).probeNow(node.id)
  expect(await factOf(node)).toMatchObject({
    is: false,
    cause: expect.stringMatching(/no answer within three seconds/),
  })
})

test('a closed port is told as such, and a port that is not viewers’ is never asked', async () => {
  const node = await enrolledNode()
  await beat(node, 1)
  const looking = prober([1])
  await looking.probeNow(node.id)
  expect((await factOf(node))?.cause).toMatch(/refused/)

  const other = await enrolledNode()
  const asked = vi.fn()
  await beat(other, await box(asked))
  await looking.probeNow(other.id)
  expect((await factOf(other))?.cause).toMatch(/not one that viewers use/)
  expect(asked).not.toHaveBeenCalled()
})

test('an address the beat did not come from is never asked', async () => {
  const node = await enrolledNode()
  const asked = vi.fn()
  const port = await box(asked, '127.0.0.9')
  await beat(node, port, '127.0.0.9')
  await prober([port]).probeNow(node.id)
  expect((await factOf(node))?.cause).toMatch(/came from 127.0.0.1/)
  expect(asked).not.toHaveBeenCalled()
})

test('a node that moves with each beat lets three looks hang, and the next waits for one of them', async () => {
  const node = await enrolledNode()
  const asked = vi.fn()
  const addresses = [2, 3, 4, 5, 6].map((last) => `127.0.0.${last}`)
  const port = await box(asked, addresses[0])
  for (const address of addresses.slice(1)) await box(asked, address, port)
  const { probeNow } = prober([port])
  const looks = []
  for (const address of addresses) {
    await beat(node, port, address)
    await db.updateTable('lease').set({ source: address }).where('node_id', '=', node.id).execute()
    const before = asked.mock.calls.length
    looks.push(probeNow(node.id))
    if (before < 3) await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(before))
  }
  await looks[0]
  expect(asked).toHaveBeenCalledTimes(3)
})
