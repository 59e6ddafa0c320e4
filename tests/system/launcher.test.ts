import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eventually, expectStatus } from './eventually.ts'
import { launch, run, startFleet } from './start-test-fleet.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

test('three nodes enrol; Ctrl-C ends everything; nothing is left, and the second start knows them', async () => {
  const fleet = await startFleet(['--nodes', '3', '--no-demo'])
  const nodes = await fleet.operate('node', 'list')
  expect(nodes.nodes).toHaveLength(3)
  const { streams } = await fleet.operate('stream', 'list')
  expect(streams.map(({ name }: { name: string }) => name)).toEqual(['golive'])
  for (const host of ['127.0.0.1', '127.0.0.2', '127.0.0.3'])
    await expectStatus(`http://${host}:8083/health`, 200)

  const stoppedAt = Date.now()
  expect(await fleet.stop('SIGINT')).toBe(0)
  expect(Date.now() - stoppedAt).toBeLessThan(10_000)
  expect(await oursRunning()).toEqual([])

  const again = await startFleet(['--nodes', '3', '--no-demo'], { state: fleet.state })
  expect((await again.operate('node', 'list')).nodes.map(({ id }: { id: string }) => id).sort()).toEqual(
    nodes.nodes.map(({ id }: { id: string }) => id).sort(),
  )
  expect(again.output()).not.toMatch(/password is|password {2}/i)
  await again.remove()
})

test('a launcher that is killed takes everything with it, and the next one starts as if nothing had been', async () => {
  const fleet = await startFleet()
  fleet.child.kill('SIGKILL')
  await eventually(async () => expect(await oursRunning()).toEqual([]), 10_000)

  const next = await startFleet([], { state: fleet.state })
  // What the killed one had reported is believed for some seconds more, and then put right.
  await eventually(() => expectStatus('http://127.0.0.1:9090/streams/demo', 200))
  await next.remove()
})

test('the start ends with the time that all of it took, and with commands that work for this fleet', async () => {
  const fleet = await startFleet(['--no-demo'])
  const [, ready = ''] = fleet.output().match(/^Ready after (\d+\.\d) s\.$/m) ?? []
  const steps = [...fleet.output().matchAll(/^ {2}(.+?) +(\d+\.\d) s$/gm)].map(([, , seconds]) =>
    Number(seconds),
  )
  expect(steps.length).toBeGreaterThan(3)
  expect(Number(ready)).toBeGreaterThanOrEqual(Math.max(...steps))

  const [, script = '', words = ''] = fleet.output().match(/npm run (\w+) -- (add .*)$/m) ?? []
  const add = `"$0" provisioning/operate.ts ${script} ${words.replace('NAME', 'studio')}`
  const { text } = await run('sh', ['-c', add, process.execPath])
  expect(text, 'the table says it as it works').toMatch(
    `npm run stream -- key studio --state ${fleet.state}\n`,
  )
  await fleet.remove()
})

test('starting twice is refused in one sentence that names the first', async () => {
  const fleet = await startFleet(['--no-demo'])
  const second = launch(['--state', fleet.state])
  expect(await second.exited()).toBe(1)
  expect(sentences(second.output())).toMatch(/already|running/)
  expect(second.output()).toContain(String(fleet.child.pid))
  await fleet.remove()
})

test('a busy port is named, and whose it is', async () => {
  const busy = createServer().listen(8084, '127.0.0.1')
  const refused = launch(['--state', emptyFolder()])
  expect(await refused.exited()).toBe(1)
  expect(sentences(refused.output())).toMatch(/8084/)
  expect(refused.output()).toContain(String(process.pid))
  busy.close()
})

test.each([
  ['an option nobody knows', ['--nodez', '3'], /--nodez/],
  ['a number of nodes that makes no sense', ['--nodes', 'many'], /--nodes/],
])('%s is one sentence', async (_, options, said) => {
  const refused = launch(['--state', emptyFolder(), ...options])
  expect(await refused.exited()).toBe(1)
  expect(sentences(refused.output())).toMatch(said)
})

test.each([
  [
    'media',
    { SEGMENT_DURATION: 'abc' },
    /node-1-media unit does not start.*SEGMENT_DURATION.*a whole number of seconds from 1 to 10/,
  ],
  ['the control plane', { LEASE_SECONDS: '-1' }, /control-plane unit does not start.*LEASE_SECONDS: /],
])('a setting that %s cannot use is named', async (_, env, said) => {
  const refused = launch(['--state', emptyFolder()], env)
  expect(await refused.exited()).toBe(1)
  expect(sentences(refused.output())).toMatch(said)
})

test('a missing program is named', async () => {
  const refused = launch(['--state', emptyFolder()], { PATH: '/nowhere' })
  expect(await refused.exited()).toBe(1)
  expect(sentences(refused.output())).toMatch(/nginx|ffmpeg|mariadb/)
})

test('a data folder that is no folder, or holds a broken database, is said so', async () => {
  const file = join(emptyFolder(), 'state')
  writeFileSync(file, '')
  const refused = launch(['--state', file])
  expect(await refused.exited()).toBe(1)
  expect(sentences(refused.output())).toContain(file)

  const state = emptyFolder()
  mkdirSync(join(state, 'database', 'mysql'), { recursive: true })
  writeFileSync(join(state, 'database', 'ibdata1'), 'not a table space')
  const broken = launch(['--state', state])
  expect(await broken.exited()).toBe(1)
  expect(sentences(broken.output())).toMatch(/data in .*database is damaged\. Restore/)
  expect(await oursRunning()).toEqual([])

  const closed = launch(['--state', '/proc/sixcast'])
  expect(await closed.exited()).toBe(1)
  expect(sentences(closed.output())).toBe('/proc/sixcast cannot be written: choose another with --state.\n')
})

test.runIf(existsSync('/bin/mount'))('a full disk is said so', async () => {
  const state = emptyFolder()
  chmodSync(state, 0o700)
  const script = `mount -t tmpfs -o size=1m full ${state} && exec "$0" provisioning/launcher/main.ts --state ${state}`
  const { code, text } = await run('unshare', ['--mount', 'sh', '-c', script, process.execPath])
  expect(code, text).toBe(1)
  expect(sentences(text)).toMatch(/space|full/i)
})

function emptyFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sixcast-'))
  folders.push(folder)
  return folder
}

/** What was said, once it is clear that no stack trace is in it. */
function sentences(output: string): string {
  expect(output).not.toMatch(/^\s+at .*\(?(node:|file:|\/)/m)
  return output
}

/** Processes of any fleet in this network namespace. */
async function oursRunning(): Promise<string[]> {
  const { text } = await run('sh', [
    '-c',
    'own=$(readlink /proc/self/ns/net); for p in /proc/[0-9]*; do [ "$(readlink $p/ns/net)" = "$own" ] && tr "\\0" " " < $p/cmdline && echo; done',
  ])
  return text
    .split('\n')
    .filter((line) => /nginx: |mariadbd|ffmpeg|(appliance|control-plane|launcher)\/.*main\.ts/.test(line))
}
