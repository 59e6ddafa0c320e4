import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { expect, test } from 'vitest'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import type { ApiOperatorEnv } from '../operators/operator-login.ts'
import { historyRoutes } from './history-routes.ts'
import { packPoints } from './points.ts'

const { url } = await startTestControlPlane()
const NODE = 'a'.repeat(20)
const NOW = new Date('2026-11-20T12:00:00Z')
const startsAt = NOW.getTime() / 1000 - 60
const app = new Hono().route(
  '/',
  historyRoutes({
    history: {
      rolledUpTo: async () => undefined,
      read: async () => [
        { startsAt, packed: packPoints([{ at: startsAt + 5, mean: [123, 456], most: [] }], startsAt) },
      ],
    },
    happeningRows: { listBetween: async () => [{ at: NOW, words: 'It moved.' }] },
    nodes: { find: async (id) => (id === NODE ? {} : undefined) },
    login: { requireApiOperator: createMiddleware<ApiOperatorEnv>((_, next) => next()) },
    now: () => NOW,
  }),
)
answerProblems(app, silentLog)
const ask = (query: string, node = NODE) => app.request(`/v1/nodes/${node}/history${query}`)

test('an operator reads what a node has measured, of those series that he names', async () => {
  const response = await ask('?range=1h&series=cpu')
  expect(await response.json()).toEqual({
    from: '2026-11-20T11:00:00.000Z',
    until: '2026-11-20T12:00:00.000Z',
    stepSeconds: 10,
    events: [{ at: NOW.getTime() / 1000, words: 'It moved.' }],
    times: [startsAt],
    series: [{ name: 'cpu', words: 'CPU', unit: '%', mean: [12.3], most: [12.3] }],
  })
  const between = await ask('?from=2026-11-20T11:30:00Z&until=2026-11-20T12:30:00%2B00:30')
  expect(await between.json()).toMatchObject({ from: '2026-11-20T11:30:00.000Z', until: NOW.toISOString() })
})

test.each([
  '?range=3h',
  '?series=cpu,password',
  '?from=2026-11-20T11:30:00Z',
  '?from=2026-11-20T11:30:00Z&until=2026-11-20T11:30:00Z',
  '?from=2020-11-20T11:30:00Z&until=2026-11-20T11:30:00Z',
  '?from=yesterday&until=today',
])('%s is refused', async (query) => {
  expect((await ask(query)).status).toBe(400)
})

test('a node that there is not is said to be unknown, and nobody else reads anything', async () => {
  expect((await ask('', 'b'.repeat(20))).status).toBe(404)
  const response = await fetch(`${url}/v1/nodes/${NODE}/history`)
  expect([response.status, await response.json()]).toEqual([401, { code: 'not-logged-in' }])
})
