import { readdirSync, readFileSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, expectStatus } from './eventually.ts'
import { type Fleet, run, startFleet } from './start-test-fleet.ts'

let fleet: Fleet
const address = Object.values(networkInterfaces())
  .flat()
  .find((each) => each && !each.internal && each.family === 'IPv4')?.address

beforeAll(async () => {
  fleet = await startFleet(['--lan'])
})
afterAll(async () => await fleet?.remove())

test('--lan opens RTMP, playback and the landing page to the network, and nothing else', async () => {
  const { text } = await run('ss', ['-Hltn'])
  const open = text.split('\n').flatMap(
    (line) =>
      line
        .match(/\s(\S+):(\d+)\s+\S+\s*$/)
        ?.slice(1, 3)
        .join(' ') ?? [],
  )
  const outside = open.filter((each) => !/^(127\.|\[::1\])/.test(each))
  const ports = new Set(outside.map((each) => each.split(' ')[1]))
  expect([...ports].sort()).toEqual(['1935', '8080', '8083', '8084', '9090'])
})

test('a viewer in the network watches, but finds no console and no node interface', async () => {
  const page = await (await expectStatus(`http://${address}:9090/`, 200)).text()
  expect(page, 'pictures come from where he can reach them').toContain(
    `http://${address}:8084/demo/thumbnail.jpg`,
  )
  expect(page).not.toContain('127.0.0.1')
  await expectStatus(`http://${address}:9090/watch/demo`, 200)
  const playlist = await (await expectStatus(`http://${address}:9090/play/demo`, 200)).text()
  expect(playlist).toContain(`\nhttp://${address}:8084/demo/`)
  expect(playlist).not.toContain('127.0.0.1')
  await eventually(() => expectStatus(`http://${address}:8084/demo/index.m3u8`, 200))
  await expectStatus(`http://${address}:8080/demo/index.m3u8`, 200)
  for (const path of [
    '/console',
    '/console/login',
    '/v1/time?nonce=0123456789abcdef',
    '/authorize?name=golive',
    '/openapi.json',
  ])
    await expectStatus(`http://${address}:9090${path}`, 404)
})

test('nobody in the network publishes in place of the demo, or sees its key among the programs', async () => {
  await expectStatus('http://127.0.0.1:9090/authorize?name=demo', 403)
  await expectStatus('http://127.0.0.1:9090/authorize?name=golive', 200)
  const file = `${fleet.state}/demo.key`
  expect(statSync(file).mode & 0o077).toBe(0)
  const [, key = ''] = readFileSync(file, 'utf8').trim().split('?key=')
  await expectStatus(`http://127.0.0.1:9090/authorize?name=demo&key=${key}`, 200)
  const commands = readdirSync('/proc')
    .filter((pid) => /^[0-9]+$/.test(pid))
    .map(commandOf)
  expect(commands.filter((command) => command.includes('demo.key'))).not.toEqual([])
  expect(commands.filter((command) => command.includes(key))).toEqual([])
})

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // gone meanwhile
  }
}
