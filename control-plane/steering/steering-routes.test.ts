import { SteeringManifest } from '@sixcast/shared/contract/steering.ts'
import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'
import { arriving, type Standing } from '../reachability/standing.ts'
import { fleetSnapshot } from './fleet-snapshot.ts'
import { goRoutes } from './go-routes.ts'
import { pathwayChoice } from './pathway-choice.ts'
import { steeringRoutes } from './steering-routes.ts'

const { rooms, enrolledNode } = await startTestControlPlane()

let name: string
let node: TestNode
let counter = 0
beforeEach(async () => {
  counter += 1
  name = `stream-${counter}`
  await rooms.streamCatalog.addStream({ name, open: true })
  node = await livingNode('127.0.0.1')
})

/** It is found at this address of the other family too. */
async function standsAt({ id }: TestNode, address: string) {
  await rooms.otherAddresses.keep({ nodeId: id, address, source: address })
  await rooms.reachability.recordOtherProven({ nodeId: id, address })
  await stands({ id }, address, 'healthy')
}

async function livingNode(claimed: string) {
  const living = await enrolledNode()
  await living.beat({ claimed })
  await rooms.reachability.recordProven({ nodeId: living.id, address: claimed })
  await stands(living, claimed, 'healthy')
  return living
}

/** What a prober keeps of it. */
const stands = ({ id }: Pick<TestNode, 'id'>, address: string, state: Standing) =>
  rooms.standings.keep({
    nodeId: id,
    address,
    standing: { ...arriving(new Date()), state },
    failure: undefined,
    dueAt: new Date(),
  })

const SESSION = 's00000000000a'
const report = (changes: object = {}, session = SESSION) => ({
  name,
  state: 'live',
  renditions: [
    {
      id: 'v720',
      codecs: 'avc1.64001f,mp4a.40.2',
      bandwidth: 2_000_000,
      averageBandwidth: 1_800_000,
      height: 720,
    },
    {
      id: 'v360',
      codecs: 'avc1.64001e,mp4a.40.2',
      bandwidth: 800_000,
      averageBandwidth: 700_000,
      height: 360,
    },
  ],
  audio: { id: 'sound', codecs: 'mp4a.40.2', channels: 2 },
  record: {
    session,
    startedAt: '2026-01-01T00:00:00Z',
    run: 1,
    origin: '2026-01-01T00:00:00Z',
    phase: 0,
    segmentSeconds: 2,
    firstNumber: 0,
    discontinuitySequence: 0,
    ladder: ['v720', 'v360'],
  },
  ...changes,
})

type Asked = {
  from?: string
  host?: string
  headers?: Record<string, string>
  late?: boolean
  method?: string
}
/** A control plane that has looked at nothing yet. */
function ask(
  path: string,
  { from = '127.0.0.1', host = '127.0.0.1:9090', headers = {}, late = false, method = 'GET' }: Asked = {},
) {
  const fleet = fleetSnapshot({ copies: rooms.copies, report: () => {} })
  const choice = pathwayChoice({ fleet, relayPort: 8080, random: () => 0.5 })
  const app = new Hono()
    .route('/', steeringRoutes({ choice, isLate: () => late }))
    .route('/', goRoutes({ choice, recognise: () => undefined, report: () => {} }))
  answerProblems(app, silentLog)
  return app.request(
    `http://${host}${path}`,
    { method, headers },
    { incoming: { socket: { remoteAddress: from } } },
  )
}

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

test('a simple player is sent to its playlist, with a plain sentence where there is none', async () => {
  const none = await ask(`/go/${name}`)
  expect([none.status, await none.text()]).toEqual([404, 'This stream is not live now.\n'])
  const unknown = await ask('/go/nowhere')
  expect([unknown.status, await unknown.text()]).toEqual([404, 'There is no stream of this name.\n'])
  const bad = await ask('/go/.git')
  expect([bad.status, await bad.text()]).toEqual([400, 'This address cannot be read.\n'])
  await node.post('/streams', report())
  const found = await ask(`/go/${name}`)
  expect([found.status, found.headers.get('location')]).toEqual([
    302,
    `http://127.0.0.1:8084/${name}/index.m3u8`,
  ])
  for (const { headers } of [none, found]) expect(headers.get('cache-control')).toBe('no-store')
})

test('VLC, which cannot open addresses of IPv6, is sent to the relay instead', async () => {
  const six = await livingNode('2a01:4f8::7')
  await six.post('/streams', report())
  const asked = { from: '2a02:8071::1', host: 'live.example:9090' }
  const locationFor = async (agent: string) =>
    (await ask(`/go/${name}`, { ...asked, headers: { 'user-agent': agent } })).headers.get('location')
  expect(await locationFor('mpv 0.35')).toBe(`http://[2a01:4f8::7]:8084/${name}/index.m3u8`)
  expect(await locationFor('VLC/3.0.18 LibVLC/3.0.18')).toBe(`http://live.example:8080/${name}/index.m3u8`)
})

test('a player that has had trouble is sent elsewhere', async () => {
  await node.post('/streams', report())
  const { 'PATHWAY-PRIORITY': priority } = await steered(await ask(`/steer/${name}`))
  const response = await ask(`/go/${name}?exclude=${priority[0]}`)
  expect(response.headers.get('location')).toBe(`http://127.0.0.1:8080/${name}/index.m3u8`)
})
