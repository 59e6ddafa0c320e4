import { expect, test } from 'vitest'
import * as z from 'zod'
import { startTestControlPlane } from '../tests/setup/start-test-control-plane.ts'
import { SCOPES, tokenMayDo } from './operators/token-scopes.ts'

const { url, viewerUrl, rooms } = await startTestControlPlane()

const OpenApi = z.object({
  info: z.object({ title: z.string(), description: z.string() }),
  servers: z.array(z.object({ url: z.string() })),
  components: z.object({ securitySchemes: z.record(z.string(), z.unknown()) }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        summary: z.string(),
        responses: z.record(z.string(), z.unknown()),
        security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
      }),
    ),
  ),
})

const described = await fetch(`${url}/openapi.json`).then((response) => response.json())
const { info, servers, components, paths } = OpenApi.parse(described)

test('the description says what this is, where it is served, and how nodes sign', () => {
  expect(info).toMatchObject({ title: 'Sixcast control plane', description: expect.stringMatching(/stream/) })
  expect(servers).toEqual([{ url: '/' }])
  expect(components.securitySchemes).toMatchObject({
    nodeSignature: { type: 'apiKey', in: 'header', name: 'sixcast-signature' },
  })
  const signed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).some(({ security }) => security?.some((each) => 'nodeSignature' in each))
      ? [path]
      : [],
  )
  expect(signed.sort()).toEqual([
    '/streams',
    '/v1/authorize',
    '/v1/commands',
    '/v1/commands/{id}',
    '/v1/commands/{id}/diagnostics',
    '/v1/configuration',
    '/v1/configuration/report',
    '/v1/heartbeat',
    '/v1/nodes/{id}/verdict',
    '/v1/nodes/{id}/verdict-link',
    '/v1/other-address',
  ])
})

test('what operators ask for is described as theirs, by a token or by a session', () => {
  expect(components.securitySchemes).toMatchObject({
    apiToken: { type: 'http', scheme: 'bearer' },
    session: { type: 'apiKey', in: 'cookie' },
  })
  for (const path of ['/v1/audit', '/v1/mirrors/rule', '/v1/why/{stream}', '/v1/nodes/{id}/verdict'])
    expect(paths[path]?.get?.security, path).toEqual(
      expect.arrayContaining([{ apiToken: [] }, { session: [] }]),
    )
})

test('what operators ask for is for tokens too: a change for those of one scope, what is read for all that read', () => {
  const asked = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security = [] }]) => security.some((way) => 'apiToken' in way))
      .map(([method]) => [method.toUpperCase(), path.replaceAll(/[{}]/g, '')] as const),
  )
  expect(asked.length).toBeGreaterThan(20)
  for (const [method, path] of asked) {
    const scopes = SCOPES.filter((scope) => tokenMayDo(scope, 'admin', method, path))
    if (method === 'GET') expect(scopes, `${method} ${path}`).toContain('read')
    else expect(scopes, `${method} ${path}`).toHaveLength(1)
  }
})

test.each(['/nope', '/nope/deeper', '/streams', '/favicon.ico'])(
  'at %s a person finds a page, a program a code',
  async (path) => {
    for (const at of [url, viewerUrl]) {
      const page = await fetch(at + path, { headers: { accept: 'text/html,*/*;q=0.8' } })
      expect(page.status).toBe(404)
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await page.text()).toContain('There is no page at this address')
      const answer = await fetch(at + path)
      expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not-found' }])
    }
  },
)

test('every public and node route is described, with what it answers', () => {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(routes.filter((route) => !route.includes('/v1/mqtt/')).sort()).toEqual([
    'delete /v1/claims/{id}',
    'get /authorize',
    'get /go/{stream}',
    'get /health',
    'get /metrics',
    'get /play/{stream}',
    'get /steer/{stream}',
    'get /streams/{name}',
    'get /v1/alerts',
    'get /v1/audit',
    'get /v1/claims',
    'get /v1/commands',
    'get /v1/configuration',
    'get /v1/experience',
    'get /v1/mirrors/rule',
    'get /v1/nodes',
    'get /v1/nodes/{id}/commands',
    'get /v1/nodes/{id}/commands/{command}/diagnostics',
    'get /v1/nodes/{id}/configuration',
    'get /v1/nodes/{id}/history',
    'get /v1/nodes/{id}/verdict',
    'get /v1/streams',
    'get /v1/streams/{name}/mirrors',
    'get /v1/time',
    'get /v1/why/{stream}',
    'post /authorize',
    'post /beacon',
    'post /streams',
    'post /v1/authorize',
    'post /v1/claims',
    'post /v1/commands/{id}',
    'post /v1/commands/{id}/diagnostics',
    'post /v1/configuration/report',
    'post /v1/enrol',
    'post /v1/heartbeat',
    'post /v1/nodes/{id}/commands',
    'post /v1/nodes/{id}/configuration/rollback',
    'post /v1/nodes/{id}/verdict-link',
    'post /v1/other-address',
    'post /v1/streams',
    'put /v1/mirrors/rule',
    'put /v1/nodes/{id}/configuration',
    'put /v1/nodes/{id}/duty',
    'put /v1/streams/{name}/listing',
    'put /v1/streams/{name}/mirrors',
  ])
})

test('a refusal is described with its codes', () => {
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

const forViewers = [
  ...['get /streams/{name}', 'get /play/{stream}', 'get /steer/{stream}', 'get /go/{stream}'],
  'post /beacon',
]
const notForViewers = [
  ...Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  ),
  'get /openapi.json',
  'get /console',
  'get /console/login',
  'post /console/login',
  'get /console/streams',
  'get /console/events/nodes',
].filter((route) => !forViewers.includes(route))

test.each(notForViewers)('%s is not there where only viewers are let in', async (route) => {
  const [method = '', path = ''] = route.split(' ')
  const ask = async (at: string) => {
    const response = await fetch(at + path, { method: method.toUpperCase(), redirect: 'manual' })
    return [response.status, await response.text()]
  }
  const notFound = [404, '{"code":"not-found","message":"There is nothing under this address."}']
  expect(await ask(viewerUrl)).toEqual(notFound)
  expect(await ask(url)).not.toEqual(notFound)
})

test('viewers find all that is theirs where only they are let in', async () => {
  await rooms.streamCatalog.addStream({ name: 'harbour' })
  const statusOf = async (path: string) => {
    const response = await fetch(viewerUrl + path)
    await response.body?.cancel()
    return response.status
  }
  const pages = await Promise.all(
    ['/', '/watch/harbour'].map(async (path) => (await fetch(viewerUrl + path)).text()),
  )
  const assets = new Set(pages.join('').match(/\/assets\/[^"]+/g))
  expect(assets.size).toBeGreaterThan(5)
  for (const path of [...assets, '/events/landing', '/events/watch/harbour'])
    expect(await statusOf(path), path).toBe(200)
  const place = await fetch(`${viewerUrl}/streams/harbour`)
  expect(await place.json()).toEqual({ code: 'not-live' })
  for (const path of ['/play/harbour', '/go/harbour']) expect(await statusOf(path), path).toBe(404)
  const steered = await fetch(`${viewerUrl}/steer/harbour?_HLS_pathway=n1`)
  expect(await steered.json()).toMatchObject({ VERSION: 1, 'PATHWAY-PRIORITY': ['n1', 'relay'] })
})
