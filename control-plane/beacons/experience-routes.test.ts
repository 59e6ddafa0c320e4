import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import type { ApiOperatorEnv } from '../operators/operator-login.ts'
import type { BeaconCount } from './beacon-count.ts'
import { experienceRoutes } from './experience-routes.ts'

const { url } = await startTestControlPlane()

const NODE = 'abcdefghijklmnopqrst'
const join = {
  stream: 'golive',
  pathway: 'nabcdefgh-g123456',
  kind: 'join',
  bucket: 16,
  count: 4,
  total: 1,
} as const
const counts: BeaconCount[] = [
  join,
  { ...join, pathway: 'relay', count: 2 },
  { ...join, stream: 'harbour', pathway: 'nzzzzzzzz-g123456', count: 1 },
]
const app = new Hono().route(
  '/',
  experienceRoutes({
    experiences: { listSince: async () => counts },
    login: { requireApiOperator: createMiddleware<ApiOperatorEnv>((_, next) => next()) },
    now: () => new Date('2026-11-20T12:00:00Z'),
  }),
)

test.each([
  ['', 7],
  ['?stream=golive', 6],
  [`?node=${NODE}`, 4],
  [`?node=${NODE}&stream=harbour`, 0],
])('an operator who asks with %j reads of %d joins', async (query, joins) => {
  const response = await app.request(`/v1/experience${query}`)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toMatchObject({ since: '2026-11-20T11:00:00.000Z', joins })
})

test('nobody else reads anything', async () => {
  expect((await fetch(`${url}/v1/experience`)).status).toBe(401)
})
