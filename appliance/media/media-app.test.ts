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
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ summary: z.string(), responses: z.record(z.string(), z.unknown()) })),
  ),
})

test('every route is described, with what it answers', async () => {
  const { paths } = OpenApi.parse(await (await app.request('/openapi.json')).json())
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path !== '/openapi.json')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  expect(described.sort()).toEqual([...new Set(served)].sort())
  expect(described).toContain('GET /streams/{stream_id}')
})
