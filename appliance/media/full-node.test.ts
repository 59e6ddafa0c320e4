import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startTestApi } from './start-test-api.ts'

test('of fifty streams asked of a node that can do three, three are new and the rest are told why not', async () => {
  const turn = Promise.withResolvers<void>()
  const { app, stop } = startTestApi(200e6, (look) => turn.promise.then(look))
  onTestFinished(stop)
  const start = (at: number, more = {}) =>
    app.request('/streams', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ stream_id: `cam${at}`, source_url: 'rtsp://camera.example/live', ...more }),
    })
  const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => start(at)))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(3)
  expect(statuses.filter((status) => status === 503)).toHaveLength(47)
  const refused = answers.find(({ status }) => status === 503)
  expect(refused?.headers.get('retry-after')).toBe('20')
  expect(ProblemBody.parse(await refused?.json())).toEqual({
    code: 'node-full',
    message:
      'This node is full: beside 3 streams 0 of 150 megapixels a second are left, and 480p takes 13. What 3 of them will take is known only in some seconds. Stop one.',
    retry_after: 20,
  })
  const [taken] = answers.flatMap((answer, at) => (answer.status === 201 ? at : []))
  expect((await app.request(`/streams/cam${taken}`, { method: 'DELETE' })).status).toBe(204)
  for (const at of [50, 51, 52])
    expect((await start(at, { qualities: ['240p'] })).status, 'they cost next to nothing').toBe(201)
  expect((await start(53)).status).toBe(201)
  expect((await start(54)).status).toBe(503)
  turn.resolve()
  await vi.waitFor(async () => expect((await start(54)).status, 'none of them is there').toBe(201))
})
