import { Problem } from '@sixcast/shared/contract/problem.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { mediaApp } from './media-app.ts'

const unknown = () => {
  throw new Problem('unknown-stream')
}
const app = mediaApp({
  streams: {
    came: async () => {},
    left: () => {},
    list: () => [],
  },
  desk: {
    list: () => [],
    find: unknown,
    start: unknown,
    stop: unknown,
    heard: unknown,
    runs: unknown,
  },
  encoders: { measurement: unknown, measureAnew: unknown },
  admit: async () => {},
  now: Date.now,
  metrics: () => '',
  log: createLog('media', () => {}),
})

const OpenApi = z.object({
  info: z.object({ description: z.string() }),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ summary: z.string(), responses: z.record(z.string(), z.unknown()) })),
  ),
})

/** What nginx serves from files, and from the agent. */
const BESIDE_MEDIA = [
  'GET /streams/{stream_id}/playlist.m3u8',
  'GET /streams/{stream_id}/index.m3u8',
  'GET /streams/{stream_id}/manifest.mpd',
  'GET /streams/{stream_id}/thumbnail.jpg',
  'GET /api/metrics',
]

test('every route of the port is described, with what it answers, and none that only nginx-rtmp calls', async () => {
  const { info, paths } = OpenApi.parse(await (await app.request('/openapi.json')).json())
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path !== '/openapi.json' && !path.startsWith('/rtmp/'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  expect(described.sort()).toEqual([...new Set([...served, ...BESIDE_MEDIA])].sort())
  expect(described).toContain('GET /streams/{stream_id}')
  expect(info.description).toContain('Port 8083')
})

test('what is refused is described as nginx and media refuse it', async () => {
  const { paths } = OpenApi.parse(await (await app.request('/openapi.json')).json())
  const statuses = (path: string, method: string) => Object.keys(paths[path]?.[method]?.responses ?? {})
  expect(statuses('/streams/{stream_id}', 'get')).toEqual(['200', '404', '503'])
  expect(statuses('/streams/{stream_id}', 'delete')).toEqual(['204', '403', '404', '409', '503'])
  expect(statuses('/streams', 'post')).toEqual(['200', '201', '400', '403', '409', '413', '503'])
  expect(statuses('/health', 'get')).toEqual(['200', '503'])
  expect(statuses('/api/metrics', 'get')).toEqual(['200', '503'])
})

test('what an order may hold is described as it is judged', async () => {
  const { paths } = Orders.parse(await (await app.request('/openapi.json')).json())
  expect(paths['/streams'].post.requestBody.content['application/json'].schema).toMatchObject({
    properties: { source_url: { maxLength: 2048 }, qualities: { uniqueItems: true } },
    not: { properties: { enable_hls: { const: false }, enable_dash: { const: false } } },
  })
})

const Body = z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) })
const Orders = z.object({
  paths: z.object({ '/streams': z.object({ post: z.object({ requestBody: Body }) }) }),
})
