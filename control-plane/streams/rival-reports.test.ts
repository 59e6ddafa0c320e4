import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { rooms, lines, enrolledNode } = await startTestControlPlane()

const report = (state: 'live' | 'waiting', session: string) => ({
  name: 'studio',
  state,
  renditions: [{ id: 'v360', codecs: 'avc1.42c01e', bandwidth: 8, averageBandwidth: 7, height: 360 }],
  record: {
    session,
    startedAt: '2026-01-01T00:00:00Z',
    run: 1,
    origin: '2026-01-01T00:00:00Z',
    phase: 0,
    segmentSeconds: 2,
    firstNumber: 0,
    discontinuitySequence: 0,
    ladder: ['v360'],
  },
})

test('a stream that is live on two nodes is said once of the one that is not believed, until that changes', async () => {
  await rooms.streamCatalog.addStream({ name: 'studio', open: true })
  const [first, second] = [await enrolledNode(), await enrolledNode()]
  const say = async (which: typeof first, state: 'live' | 'waiting') => {
    const session = which === first ? 's00000000000a' : 's00000000000b'
    expect((await which.post('/streams', report(state, session))).status).toBe(200)
  }
  const said = () =>
    lines.filter((line) => line.includes('live on two nodes')).map((line) => JSON.parse(line))

  for (const which of [first, second, first, second, second]) await say(which, 'live')
  expect(said()).toEqual([expect.objectContaining({ node: second.id, believed: first.id, stream: 'studio' })])

  await say(first, 'waiting')
  for (const which of [second, first, second, first]) await say(which, 'live')
  expect(said().slice(1)).toEqual([expect.objectContaining({ node: first.id, believed: second.id })])
})
