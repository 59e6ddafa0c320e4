import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import { expect, onTestFinished, test } from 'vitest'
import { startTestApi } from './start-test-api.ts'

test('of fifty streams asked of a node that can do three, three are new and the rest are told why not', async () => {
  const { app, stop } = startTestApi(200e6)
  onTestFinished(stop)
  const start = (at: number) =>
    app.request('/streams', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ stream_id: `cam${at}`, source_url: 'rtsp://camera.example/live' }),
    })
  const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => start(at)))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(3)
  expect(statuses.filter((status) => status === 503)).toHaveLength(47)
  const refusal = ProblemBody.parse(await answers.find(({ status }) => status === 503)?.json())
  expect(refusal).toEqual({
    code: 'node-full',
    message: expect.stringMatching(
      /^This node is full: it has 3 streams to encode.*Stop one, or order fewer qualities\.$/,
    ),
  })
  const [taken] = answers.flatMap((answer, at) => (answer.status === 201 ? at : []))
  expect((await app.request(`/streams/cam${taken}`, { method: 'DELETE' })).status).toBe(204)
  expect((await start(50)).status).toBe(201)
})
