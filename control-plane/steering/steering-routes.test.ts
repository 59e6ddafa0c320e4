import { SteeringManifest } from '@sixcast/shared/contract/steering.ts'
import { beforeEach, expect, test } from 'vitest'
import { SESSION, startTestSteering } from './start-test-steering.ts'

const { rooms, enrolledNode, livingNode, stands, standsAt, ask, newStream } = await startTestSteering()

let { name, node, report } = await newStream()
beforeEach(async () => {
  ;({ name, node, report } = await newStream())
})

const steered = async (response: Response) => SteeringManifest.parse(await response.json())
const codeOf = async (response: Response) => [response.status, (await response.json()).code]

test('a live stream is played from its node, and else through the relay', async () => {
  await node.post('/streams', report())
  const response = await ask(`/play/${name}`)
  const text = await response.text()
  expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
  expect(text.match(/^http.*$/gm)).toEqual([
    `http://127.0.0.1:8084/${name}/${SESSION}/v720.m3u8`,
    `http://127.0.0.1:8084/${name}/${SESSION}/v360.m3u8`,
    `http://127.0.0.1:8080/${name}/${SESSION}/v720.m3u8`,
    `http://127.0.0.1:8080/${name}/${SESSION}/v360.m3u8`,
  ])
  expect(text).toContain(
    `STABLE-RENDITION-ID="sound",URI="http://127.0.0.1:8084/${name}/${SESSION}/sound.m3u8"`,
  )
})

test('a node with both families sends each viewer over his own, and /go and the relay find it when one is lost', async () => {
  const both = await livingNode('2a01:4f8:1::80')
  await standsAt(both, '45.66.1.1')
  await both.post('/streams', report())
  const viewer = (from: string) => ({ from, host: 'live.example:9090' })
  const firstOf = async (from: string) =>
    (await (await ask(`/play/${name}`, viewer(from))).text()).match(/^http:..(.*)[/]stream-/m)?.[1]
  expect([await firstOf('2a02:8071::5'), await firstOf('45.80.1.1')]).toEqual([
    '[2a01:4f8:1::80]:8084',
    '45.66.1.1:8084',
  ])
  const vlc = { ...viewer('2a02:8071::5'), headers: { 'user-agent': 'VLC/3.0.21 LibVLC/3.0.21' } }
  expect((await ask(`/go/${name}`, vlc)).headers.get('location')).toMatch('//45.66.1.1:8084/')
  await stands(both, '2a01:4f8:1::80', 'unreachable')
  expect(await firstOf('45.80.1.1')).toBe('45.66.1.1:8084')
  expect((await ask(`/go/${name}`, viewer('45.80.1.1'))).headers.get('location')).toMatch('//45.66.1.1:8084/')
  expect(await rooms.streamViews.find(name)).toMatchObject({ host: '45.66.1.1:8084' })
})

test('whoever plays it asks where the playlist says, and is told the same ways', async () => {
  await node.post('/streams', report())
  const text = await (await ask(`/play/${name}`)).text()
  const [, uri = '', first = ''] = text.match(/SERVER-URI="([^"]+)",PATHWAY-ID="([^"]+)"/) ?? []
  const manifest = await steered(await ask(`${uri}&_HLS_pathway=${first}&_HLS_throughput=5000000`))
  expect(manifest).toEqual({ VERSION: 1, TTL: 10, 'RELOAD-URI': uri, 'PATHWAY-PRIORITY': [first, 'relay'] })
})

test('what has failed a player lately comes last for him, for as long as he says so', async () => {
  await node.post('/streams', report())
  const text = await (await ask(`/play/${name}`)).text()
  const [, uri = '', first = ''] = text.match(/SERVER-URI="([^"]+)",PATHWAY-ID="([^"]+)"/) ?? []
  const spared = await steered(await ask(`${uri}&_HLS_pathway=relay&exclude=${first}`))
  expect(spared['PATHWAY-PRIORITY']).toEqual(['relay', first])
  expect(spared['RELOAD-URI']).toBe(uri)
  const later = await steered(await ask(`${uri}&_HLS_pathway=relay`))
  expect(later['PATHWAY-PRIORITY']).toEqual([first, 'relay'])
})

test('players on any page may ask, and nobody keeps what they were told', async () => {
  for (const path of [`/play/${name}`, '/play/nowhere', '/steer/nowhere', `/steer/${name}`]) {
    const { headers } = await ask(path)
    expect(headers.get('access-control-allow-origin'), path).toBe('*')
    expect(headers.get('cache-control'), path).toBe('no-store')
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
  }
})

test('a browser that asks first whether it may is told so', async () => {
  for (const path of [`/play/${name}`, `/steer/${name}`]) {
    const response = await ask(path, {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-methods')).toBe('GET,HEAD,OPTIONS')
  }
})

test('a node that has not told of its audio is played with the one that older nodes make', async () => {
  await node.post('/streams', report({ audio: undefined }))
  expect(await (await ask(`/play/${name}`)).text()).toContain('STABLE-RENDITION-ID="audio"')
})

test('an audio that cannot be read is no reason to refuse a report', async () => {
  expect((await node.post('/streams', report({ audio: { id: 7 } }))).status).toBe(200)
  expect((await ask(`/play/${name}`)).status).toBe(200)
})

test('who came by the machine’s address is sent there, from other nodes than the first to the relay', async () => {
  await node.post('/streams', report())
  const first = await (await ask(`/play/${name}`, { from: '192.168.1.9', host: '192.168.1.5:9090' })).text()
  expect(first).toContain(`\nhttp://192.168.1.5:8084/${name}/`)
  expect(first).toContain(`\nhttp://192.168.1.5:8080/${name}/`)
  expect(first).not.toContain('127.0.0.1')
})

test('a node that viewers cannot reach is not named', async () => {
  await node.post('/streams', report())
  await stands(node, '127.0.0.1', 'unreachable')
  const text = await (await ask(`/play/${name}`)).text()
  expect(text).not.toContain(':8084')
  expect(text).toContain(':8080')
})

test('a node that comes and goes is, and one that is being emptied only to who is there', async () => {
  await node.post('/streams', report())
  await stands(node, '127.0.0.1', 'flapping')
  expect(await (await ask(`/play/${name}`)).text()).toContain(':8084')
  const { 'PATHWAY-PRIORITY': before } = await steered(await ask(`/steer/${name}`))
  await rooms.limits.setDuty(node.id, 'draining')
  expect(await (await ask(`/play/${name}`)).text()).not.toContain(':8084')
  const manifest = await steered(await ask(`/steer/${name}?has=relay&_HLS_pathway=${before[0]}`))
  expect(manifest).toMatchObject({ TTL: 5, 'PATHWAY-PRIORITY': ['relay', before[0]] })
})

test('nor one with a port that is not for viewers', async () => {
  await node.post('/streams', report())
  await node.beat({ ports: { playback: 8083, cdn: 9090, rtmp: 1935 } })
  expect(await (await ask(`/play/${name}`)).text()).not.toContain('127.0.0.1:9090')
})

test('of two nodes with the same session the origin comes first, and a third one’s session is not mixed in', async () => {
  await node.post('/streams', report())
  const [copy, rival] = [await livingNode('127.0.0.2'), await livingNode('127.0.0.3')]
  await copy.post('/streams', report())
  await rival.post('/streams', report({}, 's00000000000b'))
  const text = await (await ask(`/play/${name}`)).text()
  const hosts = [...text.matchAll(/^http:..([^/]+)\/.*v720/gm)].map(([, host]) => host)
  expect(hosts).toEqual(['127.0.0.1:8084', '127.0.0.2:8084', '127.0.0.1:8080'])
})

test('a stream that nobody made is unknown, one that nobody publishes is not live', async () => {
  expect(await codeOf(await ask(`/play/${name}`))).toEqual([404, 'not-live'])
  expect(await codeOf(await ask('/play/nowhere'))).toEqual([404, 'unknown-stream'])
  expect(await codeOf(await ask('/play/.git'))).toEqual([400, 'bad-request'])
  expect(await codeOf(await ask(`/play/${name}?exclude=%22`))).toEqual([400, 'bad-request'])
})

test('a stream on a node that nobody outside has found is live, and out of reach', async () => {
  const unfound = await enrolledNode()
  await unfound.beat()
  await unfound.post('/streams', report())
  expect(await codeOf(await ask(`/play/${name}`))).toEqual([503, 'out-of-reach'])
  const told = await ask(`/go/${name}`)
  expect([told.status, await told.text()]).toEqual([503, expect.stringContaining('nobody outside can reach')])
})

test.each(['waiting', 'ended'])('a stream that is %s takes no new viewer', async (state) => {
  await node.post('/streams', report())
  await node.post('/streams', report({ state }))
  expect(await codeOf(await ask(`/play/${name}`))).toEqual([404, 'not-live'])
})

test('who plays a stream that waits for its encoder is steered as ever', async () => {
  await node.post('/streams', report({ state: 'waiting' }))
  const { 'PATHWAY-PRIORITY': priority } = await steered(await ask(`/steer/${name}?session=${SESSION}`))
  expect(priority).toEqual([expect.stringMatching(/^n/), 'relay'])
})

test.each([
  ['that nobody knows', () => '/steer/nowhere?'],
  ['whose name cannot be read', () => '/steer/%00%2e%2e%2f?'],
  ['that is over', () => `/steer/${name}?`],
  ['of another session', () => `/steer/${name}?session=s00000000000b&`],
])('who plays a stream %s is left where he is', async (_, path) => {
  if (path().includes('session')) await node.post('/streams', report())
  const response = await ask(`${path()}_HLS_pathway=nabc-g1`)
  expect(response.status).toBe(200)
  expect((await steered(response))['PATHWAY-PRIORITY']).toEqual(['nabc-g1', 'relay'])
})

test('a control plane that has too much to do says so to players, who then come again', async () => {
  expect(await codeOf(await ask(`/steer/${name}`, { late: true }))).toEqual([503, 'unavailable'])
})

test('a hidden stream takes nobody new, and who plays it goes on', async () => {
  await node.post('/streams', report())
  const uri = (await (await ask(`/play/${name}`)).text()).match(/SERVER-URI="([^"]+)"/)?.[1] ?? ''
  await rooms.streamCatalog.describeStream(name, { shown: 'hidden' })
  expect(await codeOf(await ask(`/play/${name}`))).toEqual([404, 'unknown-stream'])
  expect((await ask(`/go/${name}`)).status).toBe(404)
  expect((await steered(await ask(uri)))['PATHWAY-PRIORITY']).toEqual([expect.stringMatching(/^n/), 'relay'])
  await rooms.streamCatalog.describeStream(name, { shown: 'unlisted' })
  expect((await ask(`/play/${name}`)).status).toBe(200)
})
