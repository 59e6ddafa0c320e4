import { createKeyPair, verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { epochBehindText } from '@sixcast/shared/contract/signed-request.ts'
import { expect, test } from 'vitest'
import { heartbeat, startTestControlPlane, testNode } from '../../tests/setup/start-test-control-plane.ts'

const cloud = await startTestControlPlane()
const { url, db, rooms, appeared, enrolledNode, leaseOf } = cloud
const behindProxy = await startTestControlPlane({ trustedProxies: ['127.0.0.1'] })

async function codeOf(response: Response) {
  return [response.status, (await response.json()).code]
}

async function viewOf(id: string) {
  return (await rooms.nodeViews.list()).find((node) => node.id === id) ?? expect.fail()
}

/** The same text with one bit of one character turned over, or another letter where that leaves the alphabet: what does is refused before it is verified. */
const flipped = (text: string, at: number) => {
  const other = String.fromCharCode(text.charCodeAt(at) ^ 1)
  const another = text[at] === 'A' ? 'B' : 'A'
  return text.slice(0, at) + (/\w/.test(other) ? other : another) + text.slice(at + 1)
}

test('a heartbeat makes a node alive, and tells it when to beat again and where its metrics go', async () => {
  const node = await enrolledNode()
  expect((await viewOf(node.id)).alive).toBeUndefined()
  const response = await node.beat({ claimed: '2A01:0::1' })
  expect(await response.json()).toEqual({
    leaseSeconds: 75,
    nextSeconds: 30,
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    mqtt: { url: expect.any(String), username: expect.any(String), password: expect.any(String) },
  })
  expect(await viewOf(node.id)).toMatchObject({ alive: { is: true }, claimed: '2a01::1', release: '1.0' })
})

test('the lease remembers where the beat came from', async () => {
  const node = await enrolledNode()
  await node.beat()
  expect(await leaseOf(node.id)).toMatchObject({ source: '127.0.0.1', claimed: '127.0.0.1' })
})

test('behind a proxy of ours it is the proxy that says where a beat came from, and before one nobody can', async () => {
  for (const [at, source] of [
    [behindProxy, '2a01::7'],
    [cloud, '127.0.0.1'],
  ] as const) {
    const node = await at.enrolledNode()
    const body = JSON.stringify(heartbeat())
    const headers = { ...node.sign({ body }), 'x-forwarded-for': '8.8.8.8, 2A01:0::7' }
    expect((await node.send('/v1/heartbeat', headers, body)).status).toBe(200)
    expect(await at.leaseOf(node.id)).toMatchObject({ source })
  }
})

test('a replayed heartbeat is refused and changes nothing', async () => {
  const node = await enrolledNode()
  const body = JSON.stringify(heartbeat())
  const headers = node.sign({ body })
  expect((await node.send('/v1/heartbeat', headers, body)).status).toBe(200)
  const before = await leaseOf(node.id)
  expect(await codeOf(await node.send('/v1/heartbeat', headers, body))).toEqual([409, 'replayed'])
  expect(await leaseOf(node.id)).toEqual(before)
})

test('of the same heartbeat sent many times at once, exactly one passes', async () => {
  const node = await enrolledNode()
  const body = JSON.stringify(heartbeat())
  const headers = node.sign({ body })
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => node.send('/v1/heartbeat', headers, body)),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409])
})

test('a late number that is sent many times at once passes once as well', async () => {
  const node = await enrolledNode()
  await node.beat({}, { number: 50 })
  const body = JSON.stringify(heartbeat())
  const headers = node.sign({ body, number: 40 })
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => node.send('/v1/heartbeat', headers, body)),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('different numbers sent at once all pass', async () => {
  const node = await enrolledNode()
  const answers = await Promise.all(Array.from({ length: 20 }, () => node.beat()))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
})

test('a number older than the window is refused, one within it passes late', async () => {
  const node = await enrolledNode()
  await node.beat({}, { number: 100 })
  expect((await node.beat({}, { number: 37 })).status).toBe(200)
  expect(await codeOf(await node.beat({}, { number: 36 }))).toEqual([409, 'replayed'])
})

test.each(['body', 'sixcast-signature', 'sixcast-number', 'sixcast-epoch', 'path'])(
  'one flipped bit in the %s and it is nobody',
  async (part) => {
    const node = await enrolledNode()
    const body = JSON.stringify(heartbeat())
    const headers: Record<string, string> = { ...node.sign({ body, epoch: 2, number: 2 }) }
    if (part in headers) headers[part] = flipped(headers[part] ?? '', 0)
    const path = part === 'path' ? '/v1/heartbeat?x' : '/v1/heartbeat'
    const sent = await node.send(path, headers, part === 'body' ? flipped(body, 13) : body)
    expect(await codeOf(sent)).toEqual([401, 'bad-signature'])
    expect((await leaseOf(node.id))?.beat_at).toBeNull()
  },
)

test('a request signed for another host is nobody', async () => {
  const node = await enrolledNode()
  expect(await codeOf(await node.beat({}, { host: 'other.example' }))).toEqual([401, 'bad-signature'])
})

test('a node that never enrolled is unknown', async () => {
  expect(await codeOf(await testNode(url, createKeyPair()).beat())).toEqual([404, 'unknown-node'])
})

test('a node cannot speak with another node’s key', async () => {
  const [victim, thief] = [await enrolledNode(), await enrolledNode()]
  const body = JSON.stringify(heartbeat())
  const headers = { ...thief.sign({ body }), 'sixcast-node': victim.id }
  expect(await codeOf(await thief.send('/v1/heartbeat', headers, body))).toEqual([401, 'bad-signature'])
})

test('a revoked node is told so, and stays dead', async () => {
  const node = await enrolledNode()
  await rooms.fleetRegister.revokeNode(node.id)
  expect(await codeOf(await node.beat())).toEqual([403, 'node-revoked'])
  expect((await viewOf(node.id)).revokedAt).toBeInstanceOf(Date)
  await expect(rooms.fleetRegister.revokeNode(node.id)).rejects.toMatchObject({ code: 'unknown-node' })
})

test('a node restored from an old image is told the epoch, in the fleet’s own hand', async () => {
  const node = await enrolledNode()
  await node.beat({}, { epoch: 7, number: 1 })
  const body = JSON.stringify(heartbeat())
  const headers = node.sign({ body, epoch: 6, number: 1 })
  const response = await node.send('/v1/heartbeat', headers, body)
  expect(await response.json()).toMatchObject({ code: 'epoch-behind', epoch: 7 })
  const proof = response.headers.get('sixcast-fleet-signature') ?? ''
  const text = epochBehindText(7, headers['sixcast-signature'])
  expect(verifyText(text, proof, rooms.fleetKey.publicKey)).toBe(true)
  expect((await node.beat({}, { epoch: 8, number: 1 })).status).toBe(200)
})

test('a heartbeat that comes late does not undo a newer one', async () => {
  const node = await enrolledNode()
  await node.beat({ release: 'new' }, { number: 2 })
  expect((await node.beat({ release: 'old' }, { number: 1 })).status).toBe(200)
  expect((await viewOf(node.id)).release).toBe('new')
})

test('a node that leaves gives its lease back at once', async () => {
  const node = await enrolledNode()
  await node.beat()
  await node.beat({ leaving: true })
  expect((await viewOf(node.id)).alive).toMatchObject({ is: false })
})

test('alive since the first beat of this lease, not since the last', async () => {
  const node = await enrolledNode()
  await node.beat()
  const first = (await viewOf(node.id)).alive
  await node.beat()
  expect((await viewOf(node.id)).alive).toEqual(first)
  const past = new Date(Date.now() - 1000)
  await db.updateTable('lease').set({ ends_at: past }).where('node_id', '=', node.id).execute()
  expect((await viewOf(node.id)).alive).toEqual({ is: false, since: past })
  await node.beat()
  expect((await viewOf(node.id)).alive?.since.getTime()).toBeGreaterThan(first?.since.getTime() ?? 0)
})

test('a node is looked for when it comes and when it moves, not at every beat', async () => {
  const node = await enrolledNode()
  for (const claimed of ['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2']) await node.beat({ claimed })
  expect(appeared.filter((id) => id === node.id)).toHaveLength(2)
})

test('a node that comes with many beats at once is looked for once, and not where an overtaken beat says', async () => {
  const node = await enrolledNode()
  await Promise.all(Array.from({ length: 8 }, () => node.beat({ claimed: undefined })))
  await node.beat({ claimed: '127.0.0.1' }, { number: 60 })
  expect(appeared.filter((id) => id === node.id)).toHaveLength(2)
  await node.beat({ claimed: '127.0.0.2' }, { number: 59 })
  expect(appeared.filter((id) => id === node.id)).toHaveLength(2)
  expect((await viewOf(node.id)).claimed).toBe('127.0.0.1')
})

test('an unsigned heartbeat is told to sign', async () => {
  const response = await fetch(`${url}/v1/heartbeat`, { method: 'POST', body: '{}' })
  expect(await codeOf(response)).toEqual([401, 'not-signed'])
})

test('values at the very edge of what is allowed are stored, not stumbled over', async () => {
  const node = await enrolledNode()
  const edge = {
    release: '🎥'.repeat(25),
    claimed: 'FFFF:ffff:ffff:ffff:ffff:ffff:255.255.255.255',
    live: Array.from({ length: 500 }, (_, i) => `${i}`.padEnd(64, 'a')),
  }
  const most = { epoch: Number.MAX_SAFE_INTEGER, number: Number.MAX_SAFE_INTEGER }
  expect((await node.beat(edge, most)).status).toBe(200)
  expect(await codeOf(await node.beat(edge, most))).toEqual([409, 'replayed'])
  expect(await viewOf(node.id)).toMatchObject({
    release: edge.release,
    claimed: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  })
})
