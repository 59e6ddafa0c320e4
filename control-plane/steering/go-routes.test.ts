import { SteeringManifest } from '@sixcast/shared/contract/steering.ts'
import { beforeEach, expect, test } from 'vitest'
import { startTestSteering } from './start-test-steering.ts'

const { livingNode, ask, newStream } = await startTestSteering()

let { name, node, report } = await newStream()
beforeEach(async () => {
  ;({ name, node, report } = await newStream())
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
  for (const { headers } of [none, found]) {
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('access-control-allow-origin')).toBe('*')
  }
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
  const { 'PATHWAY-PRIORITY': priority } = SteeringManifest.parse(await (await ask(`/steer/${name}`)).json())
  const response = await ask(`/go/${name}?exclude=${priority[0]}`)
  expect(response.headers.get('location')).toBe(`http://127.0.0.1:8080/${name}/index.m3u8`)
})
