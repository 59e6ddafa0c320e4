import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, expectStatus } from './eventually.ts'
import { publish } from './start-test-encoder.ts'
import { type Fleet, run, startFleet } from './start-test-fleet.ts'

let fleet: Fleet
let key: string

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  await fleet.operate('stream', 'add', 'studio')
  key = (await fleet.operate('stream', 'key', 'studio')).key
})
afterAll(async () => await fleet?.remove())

const server = 'rtmp://127.0.0.1:1935/stream'
const live = () => expectStatus('http://127.0.0.1:9090/streams/studio', 200)
const away = () => expectStatus('http://127.0.0.1:9090/streams/studio', 404)

test('the right key publishes, and stands in no page, playlist, log or process list of ours', async () => {
  const encoder = publish(`${server}/studio?key=${key}`)
  await eventually(live)

  for (const url of [
    'http://127.0.0.1:9090/',
    'http://127.0.0.1:9090/watch/studio',
    'http://127.0.0.1:8080/studio/index.m3u8',
  ])
    expect(await (await expectStatus(url, 200)).text()).not.toContain(key)
  const processes = (await run('ps', ['axww', '-o', 'pid=,args='])).text.split('\n')
  const ours = processes.filter((line) => Number.parseInt(line, 10) !== encoder.child.pid)
  expect(ours.join('\n')).not.toContain(key)
  for (const file of filesBelow(fleet.state, /\.(log|conf|json)$/))
    expect(readFileSync(file, 'utf8'), file).not.toContain(key)

  await encoder.stop()
  await eventually(away)
})

test.each([
  ['a wrong key', () => `${server}/studio?key=${'x'.repeat(32)}`, /not a key of this stream/],
  ['no key', () => `${server}/studio`, /needs a key/],
  ['a stream nobody made', () => `${server}/unknown-stream?key=${key}`, /no such stream/],
  [
    'an application that is none',
    () => `rtmp://127.0.0.1:1935/wrong/studio?key=${key}`,
    /no application .*wrong/,
  ],
  ['a name outside the alphabet', () => `${server}/..%2fstudio?key=${key}`, /name/],
])('%s is refused, and the log says why in one line', async (_, url, reason) => {
  const before = refusals().length
  expect(await publish(url()).ended()).not.toBe(0)
  const lines = refusals().slice(before)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(reason)
  await away()
})

test('/authorize answers for the key what the encoder would be told', async () => {
  const ask = (query: string) => fetch(`http://127.0.0.1:9090/authorize?app=stream&addr=127.0.0.1&${query}`)
  expect((await ask(`name=studio&key=${key}`)).status).toBe(200)
  for (const query of ['name=studio&key=wrong', 'name=studio', 'name=nowhere&key=x']) {
    const refused = await ask(query)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'key-refused' })
  }
})

test('a healthy publisher is not pushed out by a second one', async () => {
  const first = publish(`${server}/studio?key=${key}`)
  await eventually(live)
  expect(await publish(`${server}/studio?key=${key}`).ended()).not.toBe(0)
  await live()
  await first.stop()
  await eventually(away)
})

test('a publisher whose line died silently makes way when it returns', async () => {
  const first = publish(`${server}/studio?key=${key}`)
  await eventually(live)
  const before = comings()
  first.child.kill('SIGSTOP') // holds the connection, sends nothing
  const second = publish(`${server}/studio?key=${key}`)
  // nginx-rtmp itself would drop the first after ten seconds.
  await eventually(async () => expect(comings()).toBe(before + 1), 8000)
  await eventually(live)
  await second.stop()
  await first.stop('SIGKILL')
  await eventually(away)
})

test('a key known here works while the control plane is away', async () => {
  process.kill(fleet.pid('control-plane'), 'SIGSTOP') // connections hang, the worst kind of away
  const encoder = publish(`${server}/studio?key=${key}`)
  try {
    await eventually(() => expectStatus('http://127.0.0.1:8083/streams/studio/index.m3u8', 200))
    expect(await publish(`${server}/studio?key=wrong`).ended()).not.toBe(0)
  } finally {
    process.kill(fleet.pid('control-plane'), 'SIGCONT')
  }
  await eventually(live)
  await encoder.stop()
  await eventually(away)
})

test('a revoked key is refused', async () => {
  const { key: second, id } = await fleet.operate('stream', 'key', 'studio')
  const encoder = publish(`${server}/studio?key=${second}`)
  await eventually(live)
  await encoder.stop()
  await eventually(away)
  await fleet.operate('stream', 'revoke', 'studio', id)
  const before = refusals().length
  expect(await publish(`${server}/studio?key=${second}`).ended()).not.toBe(0)
  expect(refusals().slice(before)).toEqual([expect.stringMatching(/revoked/)])
})

const comings = () => fleet.log('node-1-media').split('publisher came').length

/** The lines in which media says that it refused a publisher. */
function refusals(): string[] {
  return fleet
    .log('node-1-media')
    .split('\n')
    .filter((line) => /refused/.test(line))
}

function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}
