import { expect, test } from 'vitest'
import * as z from 'zod'
import { startTestControlPlane } from '../tests/setup/test-control-plane.ts'

const { url } = await startTestControlPlane()

const OpenApi = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ summary: z.string(), responses: z.record(z.string(), z.unknown()) })),
  ),
})

test('every public and node route is described, with what it answers', async () => {
  const { paths } = OpenApi.parse(await (await fetch(`${url}/openapi.json`)).json())
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(routes.filter((route) => !route.includes('/v1/mqtt/')).sort()).toEqual([
    'get /authorize',
    'get /health',
    'get /streams/{name}',
    'get /v1/time',
    'post /authorize',
    'post /streams',
    'post /v1/enrol',
    'post /v1/heartbeat',
  ])
})

test('a refusal is described with its codes', async () => {
  const { paths } = OpenApi.parse(await (await fetch(`${url}/openapi.json`)).json())
  expect(Object.keys(paths['/v1/heartbeat']?.post?.responses ?? {}).sort()).toEqual([
    '200',
    '400',
    '401',
    '403',
    '404',
    '409',
    '413',
    '503',
  ])
})
