import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { startRelayNotice } from './relay-notice.ts'
import type { StreamView } from './stream-view.ts'

const view = (name: string, state: StreamView['state']): StreamView => ({
  name,
  title: name,
  description: '',
  open: false,
  state,
  host: '127.0.0.1:8084',
  session: `s-${name}`,
})

const silent = { log: { info: () => {} }, report: () => {} }
let stop = async () => {}
afterEach(() => stop())

const PLAYLIST = '#EXTM3U\ns1/v360.m3u8\ns1/v240.m3u8\n'

async function relay(statusOf: (path: string) => number, playlist = PLAYLIST) {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(statusOf(url)).end(playlist)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { asked, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('the relay looks up each live stream and its session once, before a viewer comes', async () => {
  const { asked, server, url } = await relay(() => 200)
  const list = vi.fn(async () => [view('a', 'live'), view('b', 'waiting'), view('c', 'live')])
  const notice = startRelayNotice({ streamViews: { list }, relayUrl: url, ...silent, everyMs: 5 })
  stop = async () => {
    await notice.stop()
    server.close()
  }
  await vi.waitFor(() => expect(list.mock.calls.length).toBeGreaterThan(3))
  expect(asked).toEqual(['/a/index.m3u8', '/a/s1/v360.m3u8', '/c/index.m3u8', '/c/s1/v360.m3u8'])
})

test('a relay that does not find the stream yet is told again', async () => {
  let answers = 0
  const { asked, server, url } = await relay(() => (++answers < 3 ? 404 : 200))
  const list = vi.fn(async () => [view('a', 'live')])
  const notice = startRelayNotice({ streamViews: { list }, relayUrl: url, ...silent, everyMs: 5 })
  stop = async () => {
    await notice.stop()
    server.close()
  }
  await vi.waitFor(() => expect(list.mock.calls.length).toBeGreaterThan(6))
  expect(asked).toEqual([...Array(3).fill('/a/index.m3u8'), '/a/s1/v360.m3u8'])
})

test.each([
  ['another server', () => `${elsewhere.url}/s1/v360.m3u8`],
  ['another server, without its protocol', () => `//${new URL(elsewhere.url).host}/s1/v360.m3u8`],
  ['another server, with the relay as user', () => `http://relay@${new URL(elsewhere.url).host}/a/v360.m3u8`],
  ['the relay, but another stream', () => '../b/s1/v360.m3u8'],
  ['the relay, but above it, in disguise', () => '%2e%2e/b/s1/v360.m3u8'],
  ['the relay’s root', () => '/s1/v360.m3u8'],
  ['nothing that is a URL', () => 'http://[/v360.m3u8'],
  ['a program', () => 'javascript:alert(1)'],
])('a playlist that points to %s is not followed', async (_, uri) => {
  elsewhere.asked.length = 0
  const { asked, rounds } = await notice(`#EXTM3U\n${uri()}\n`)
  await rounds(3)
  expect(new Set(asked)).toEqual(new Set(['/a/index.m3u8']))
  expect(elsewhere.asked).toEqual([])
})

test('a playlist without end is not read to its end', async () => {
  const { asked, rounds } = await notice(`${PLAYLIST}${'#'.repeat(200_000)}`)
  await rounds(3)
  expect(new Set(asked)).toEqual(new Set(['/a/index.m3u8']))
})

const elsewhere = await relay(() => 200)
afterAll(() => void elsewhere.server.close())

/** Rounds over one live stream, whose relay answers everything with this playlist. */
async function notice(playlist: string) {
  const { asked, server, url } = await relay(() => 200, playlist)
  const list = vi.fn(async () => [view('a', 'live')])
  const { stop: end } = startRelayNotice({ streamViews: { list }, relayUrl: url, ...silent, everyMs: 5 })
  stop = async () => {
    await end()
    server.close()
  }
  return {
    asked,
    rounds: (most: number) => vi.waitFor(() => expect(list.mock.calls.length).toBeGreaterThan(most)),
  }
}

test('a relay that does not answer holds nobody up who stops', async () => {
  let asked = () => {}
  const hasAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const server = createServer(() => asked()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const relayUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const list = async () => [view('a', 'live'), view('b', 'live')]
  const notice = startRelayNotice({ streamViews: { list }, relayUrl, ...silent, everyMs: 5 })
  stop = async () => void server.close()
  await hasAsked
  const before = performance.now()
  await notice.stop()
  expect(performance.now() - before).toBeLessThan(1000)
})
