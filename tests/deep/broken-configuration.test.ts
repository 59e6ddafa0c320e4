import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encoderPids } from '../system/encoder-pids.ts'
import { eventually } from '../system/eventually.ts'
import { publish } from '../system/start-test-encoder.ts'
import { type Fleet, startFleet } from '../system/start-test-fleet.ts'

let fleet: Fleet
let id: string
let encoder: ReturnType<typeof publish>
const proxy = createServer((incoming, outgoing) => {
  // As a proxy does that nobody told to leave Host alone: what proves the fleet passes, what a node has signed does not.
  const headers = { ...incoming.headers, host: '127.0.0.1:9090' }
  const to = { host: '127.0.0.1', port: 9090, path: incoming.url, method: incoming.method, headers }
  const asked = request(to, (answer) =>
    answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers)),
  )
  incoming.pipe(asked)
})

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  id = (await fleet.operate('node', 'list')).nodes[0].id
  encoder = publish('rtmp://127.0.0.1:1935/stream/golive')
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await encoder?.stop()
  await fleet?.remove()
  proxy.close()
})

test('a configuration that breaks a node is taken back by the node within two minutes, and viewers notice nothing of it', async () => {
  await eventually(async () => expect((await segments()).length).toBeGreaterThan(2), 60_000)
  const before = await segments()
  const encoders = await pids()
  const { port } = proxy.address() as AddressInfo
  const changedAt = performance.now()
  await fleet.operate(
    'node',
    'configure',
    id,
    `controlPlaneUrl=http://127.0.0.1:${port}`,
    'tallestQuality=240p',
  )
  await eventually(async () => expect(fleet.log('node-1-agent')).toContain('bad-signature'), 30_000)
  await eventually(async () => expect((await latest())?.report?.state).toBe('returned'), 150_000)
  const seconds = (performance.now() - changedAt) / 1000
  process.stdout.write(`back with the last good configuration after ${seconds.toFixed(1)} s\n`)
  expect(seconds).toBeLessThan(120)
  expect((await latest()).report).toMatchObject({
    inForce: 0,
    cause: 'no heartbeat was accepted for 90 seconds',
  })
  expect(await pids()).toEqual(encoders)
  const after = await segments()
  expect(sessionOf(after)).toBe(sessionOf(before))
  expect(after.at(-1)).not.toBe(before.at(-1))
})

test('what needs no restart leaves who watches and who sends alone, and holds from the next session on', async () => {
  const encoders = await pids()
  await fleet.operate('node', 'configure', id, 'controlPlaneUrl=', 'tallestQuality=240p')
  await eventually(async () =>
    expect((await latest())?.report?.steps).toContainEqual(
      expect.objectContaining({ setting: 'tallestQuality', outcome: 'applied' }),
    ),
  )
  expect(await pids()).toEqual(encoders)
  expect(await ladder('golive')).toContain('v360')
  await fleet.operate('stream', 'add', 'golive2', '--open')
  const second = publish('rtmp://127.0.0.1:1935/stream/golive2')
  try {
    await eventually(async () => expect(await ladder('golive2')).toContain('v240'), 60_000)
    expect(await ladder('golive2')).not.toContain('v360')
  } finally {
    await second.stop()
  }
})

const pids = () => encoderPids(fleet.pid('node-1-media'))
const latest = async () => (await fleet.operate('node', 'configuration', id)).history[0]

const playlist = async (path: string) => (await fetch(`http://127.0.0.1:8083/streams/${path}`)).text()
const ladder = (name: string) => playlist(`${name}/index.m3u8`)

async function segments(): Promise<string[]> {
  const [media = ''] = (await ladder('golive')).match(/^[^#\s].*\.m3u8/m) ?? []
  return (await playlist(`golive/${media}`)).match(/^[^#\s].*\.(?:m4s|mp4)/gm) ?? []
}

const sessionOf = (all: string[]) => all[0]?.match(/s[a-z0-9]{12}/)?.[0]
