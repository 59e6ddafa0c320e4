import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createConnection as connect, createServer } from 'node:net'
import { promisify } from 'node:util'
import { parseClaim } from '@sixcast/shared/contract/claim.ts'
import { createConnection } from 'mysql2/promise'
import { afterEach, expect, inject, test, vi } from 'vitest'
import { NODE_COMPILE_CACHE } from '../tests/setup/compile-cache.ts'
import { freePort } from '../tests/setup/free-port.ts'
import { freshDatabaseUrl } from '../tests/setup/fresh-database.ts'

const here = import.meta.dirname
const running: ChildProcess[] = []
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
})

/** The control plane as it is started everywhere, on ports of its own. */
async function start(databaseUrl: string, env: Record<string, string> = {}) {
  const [port, mqttPort] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, [`${here}/main.ts`], {
    env: {
      NODE_COMPILE_CACHE,
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      MQTT_PORT: String(mqttPort),
      BIND: '127.0.0.1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  let said = ''
  child.stdout?.on('data', (text) => {
    said += text
  })
  return { child, url: `http://127.0.0.1:${env.PORT ?? port}`, said: () => said }
}

const healthy = (url: string) =>
  vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), {
    timeout: 20_000,
    interval: 50,
  })

async function cli(
  databaseUrl: string,
  ...words: string[]
): Promise<{ out: string; err: string; code: number }> {
  const env = { NODE_COMPILE_CACHE, DATABASE_URL: databaseUrl, PUBLIC_URL: 'http://127.0.0.1:9090/' }
  return promisify(execFile)(process.execPath, [`${here}/cli.ts`, ...words], { env }).then(
    ({ stdout, stderr }) => ({ out: stdout, err: stderr, code: 0 }),
    (error) => ({ out: error.stdout, err: error.stderr, code: error.code }),
  )
}
const json = async (databaseUrl: string, ...words: string[]) =>
  JSON.parse((await cli(databaseUrl, ...words, '--json')).out)

test('processes that start at once on an empty server share one fleet, and end when told', async () => {
  const url = freshDatabaseUrl()
  const both = await Promise.all([start(url), start(url)])
  for (const { url } of both) await healthy(url)
  for (const { said } of both) await vi.waitFor(() => expect(said()).toContain('"event":"listening"'))
  for (const { child } of both) {
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  }
}, 30_000)

test.each<[string, Record<string, string>, RegExp]>([
  ['a setting that is wrong', { PORT: 'eighty' }, /PORT/],
  ['an address that is none', { BIND: 'localhost' }, /BIND/],
  ['an address of another machine', { BIND: '192.0.2.1' }, /address/],
])(
  '%s is named, and nothing runs',
  async (_, env, sentence) => {
    const { child, said } = await start(freshDatabaseUrl(), env)
    expect(await once(child, 'close')).toEqual([1, null])
    expect(said()).toMatch(sentence)
  },
  20_000,
)

test('viewers alone are let in at the addresses that are set for them, as far as these are there', async () => {
  const { url } = await start(freshDatabaseUrl(), { VIEWER_BIND: '127.0.0.2,192.0.2.1' })
  await healthy(url)
  const viewerUrl = url.replace('127.0.0.1', '127.0.0.2')
  expect((await fetch(viewerUrl)).status).toBe(200)
  expect((await fetch(`${viewerUrl}/console/login`)).status).toBe(404)
}, 20_000)

test('a port that somebody holds is named', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const { child, said } = await start(freshDatabaseUrl(), { PORT: String(port) })
  expect(await once(child, 'close')).toEqual([1, null])
  expect(said()).toContain(String(port))
  holder.close()
}, 20_000)

test('while the database is away everything is unavailable, and whole again after it, without a restart', async () => {
  const line = await databaseLine(new URL(inject('databaseUrl')).searchParams.get('socketPath') ?? '')
  const database = new URL(freshDatabaseUrl())
  database.search = ''
  database.host = `127.0.0.1:${line.port}`
  const { url, said } = await start(database.href)
  await healthy(url)
  await line.cut()
  for (const path of ['/health', '/streams/golive', '/authorize?name=golive&key=x']) {
    const response = await fetch(url + path)
    expect([response.status, (await response.json()).code]).toEqual([503, 'unavailable'])
  }
  await line.mend()
  await healthy(url)
  expect(said()).not.toContain('a request failed')
}, 30_000)

/** A TCP way to the database that can be cut. */
async function databaseLine(socket: string) {
  const ends = new Set<{ destroy: () => unknown }>()
  const server = createServer((near) => {
    const far = connect(socket)
    ends.add(near).add(far)
    near.on('error', () => {}).on('close', () => far.destroy())
    far.on('error', () => {}).on('close', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    async cut() {
      server.close()
      for (const end of ends) end.destroy()
      await once(server, 'close')
    },
    async mend() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}

test('an operator makes claims and passwords from the command line', async () => {
  const url = freshDatabaseUrl()
  const { claim } = await json(url, 'claim', '--hours', '2')
  expect(parseClaim(claim)).toMatchObject({ url: 'http://127.0.0.1:9090' })

  const { password } = await json(url, 'password', '--if-none')
  expect(password).toMatch(/^[a-z0-9]{4}(-[a-z0-9]{4}){5}$/)
  expect(await json(url, 'password', '--if-none')).not.toHaveProperty('password')
  expect((await json(url, 'password')).password).not.toBe(password)
  expect(await json(url, 'node', 'list')).toEqual({ nodes: [] })
}, 60_000)

test('an operator makes streams and keys from the command line', async () => {
  const url = freshDatabaseUrl()
  await json(url, 'stream', 'add', 'studio', '--title', 'Studio 1')
  expect(await json(url, 'stream', 'add', 'studio', '--if-none')).toMatchObject({ added: false })
  expect((await cli(url, 'stream', 'key', 'studio')).out).toMatch(/studio\?key=[\w-]{32}/)
  const { id } = await json(url, 'stream', 'key', 'studio')
  expect(await json(url, 'stream', 'revoke', 'studio', id)).toMatchObject({ revoked: true })
  const { streams } = await json(url, 'stream', 'list')
  expect(streams).toMatchObject([{ name: 'studio', title: 'Studio 1', open: false, state: 'never' }])
}, 60_000)

test.each([
  [['stream', 'add', '../x'], /letters, digits/],
  [['claim', '--hours', 'many'], /--hours/],
  [['node', 'revoke', 'nobody'], /no node nobody/i],
  [['stream', 'key', 'nowhere'], /no stream nowhere/i],
  [['dance'], /no command dance/],
  [['claim', '--loud'], /--loud/],
])(
  '%j ends with one sentence and exit code 1',
  async (words, sentence) => {
    const { out, err, code } = await cli(freshDatabaseUrl(), ...words)
    expect([out, code]).toEqual(['', 1])
    expect(err).toMatch(sentence)
    expect(err).not.toMatch(/ at .*\.ts:/)
  },
  30_000,
)

test('a command whose database work fails ends at once, in one sentence', async () => {
  const url = freshDatabaseUrl()
  await cli(url, 'stream', 'list')
  const database = await createConnection(url)
  await database.query("insert into kysely_migration values ('9999-of-a-later-release', '')")
  await database.end()
  const { out, err, code } = await cli(url, 'stream', 'list')
  expect([out, code]).toEqual(['', 1])
  expect(err).toMatch(/^The tables of the database cannot be brought to .* 9999-of-a-later-release.*\n$/)
}, 20_000)
