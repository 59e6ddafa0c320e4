import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'

export const SESSION = 's00000000000a'

/** For tests: a control plane and signed nodes that probes have found. */
export async function startTestMirrors() {
  const plane = await startTestControlPlane()
  const { rooms, enrolledNode, db } = plane
  let streams = 0

  const stand = (id: string, address: string, state: 'pending' | 'healthy' | 'unreachable') =>
    rooms.standings.keep({
      nodeId: id,
      address,
      standing: { state, since: new Date(), falls: [] },
      failure: undefined,
      dueAt: new Date(),
    })

  function placed(node: TestNode, claimed: string) {
    return {
      ...node,
      stand: (state: 'healthy' | 'unreachable') => stand(node.id, claimed, state),
      /** What the answer to its heartbeat tells it to copy. */
      told: async () => (await (await node.beat({ claimed })).json()).mirrors,
      report: (name: string, changes: object = {}, session = SESSION) =>
        node.post('/streams', report(name, changes, session)),
    }
  }

  return {
    ...plane,
    /** Found at the address, from which a stream can be copied. */
    async healthyNode(claimed: string) {
      const node = await enrolledNode()
      await node.beat({ claimed })
      await rooms.reachability.recordProven({ nodeId: node.id, address: claimed })
      await stand(node.id, claimed, 'healthy')
      return placed(node, claimed)
    },
    async newStream() {
      streams += 1
      await rooms.streamCatalog.addStream({ name: `stream-${streams}`, open: true })
      return `stream-${streams}`
    },
    /** Nobody is there any more. */
    async clear() {
      for (const table of ['stream_report', 'mirror_choice', 'mirror_order', 'lease', 'node'] as const)
        await db.deleteFrom(table).execute()
    },
  }
}

const report = (name: string, changes: object, session: string) => ({
  name,
  state: 'live',
  renditions: [{ id: 'v360', codecs: 'avc1.42c01e', bandwidth: 800_000, averageBandwidth: 700_000 }],
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
  ...changes,
})
