import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'
import { arriving, type Standing } from '../reachability/standing.ts'
import { fleetSnapshot } from './fleet-snapshot.ts'
import { goRoutes } from './go-routes.ts'
import { pathwayChoice } from './pathway-choice.ts'
import { steeringRoutes } from './steering-routes.ts'

export const SESSION = 's00000000000a'

type Asked = {
  from?: string
  host?: string
  headers?: Record<string, string>
  late?: boolean
  method?: string
}

/** For tests: a control plane with streams, and nodes as probes have found them. */
export async function startTestSteering() {
  const { rooms, enrolledNode } = await startTestControlPlane()
  let streams = 0

  /** What a prober keeps of it. */
  const stands = ({ id }: Pick<TestNode, 'id'>, address: string, state: Standing) =>
    rooms.standings.keep({
      nodeId: id,
      address,
      standing: { ...arriving(new Date()), state },
      failure: undefined,
      dueAt: new Date(),
    })

  async function livingNode(claimed: string) {
    const living = await enrolledNode()
    await living.beat({ claimed })
    await rooms.reachability.recordProven({ nodeId: living.id, address: claimed })
    await stands(living, claimed, 'healthy')
    return living
  }

  /** It is found at this address of the other family too. */
  async function standsAt({ id }: TestNode, address: string) {
    await rooms.otherAddresses.keep({ epoch: 1, number: 1, nodeId: id, address, source: address })
    await rooms.reachability.recordOtherProven({ nodeId: id, address })
    await stands({ id }, address, 'healthy')
  }

  /** A control plane that has looked at nothing yet. */
  function ask(
    path: string,
    { from = '127.0.0.1', host = '127.0.0.1:9090', headers = {}, late = false, method = 'GET' }: Asked = {},
  ) {
    const fleet = fleetSnapshot({ copies: rooms.copies, report: () => {} })
    const choice = pathwayChoice({ fleet, relayPort: 8080, random: () => 0.5 })
    const app = new Hono()
      .route('/', steeringRoutes({ choice, isLate: () => late }))
      .route('/', goRoutes({ choice, recognise: () => undefined, report: () => {} }))
    answerProblems(app, silentLog)
    return app.request(
      `http://${host}${path}`,
      { method, headers },
      { incoming: { socket: { remoteAddress: from } } },
    )
  }

  return {
    ...{ rooms, enrolledNode, livingNode, stands, standsAt, ask },
    /** A new stream, and a node that can be found. */
    async newStream() {
      streams += 1
      const name = `stream-${streams}`
      await rooms.streamCatalog.addStream({ name, open: true })
      return {
        name,
        node: await livingNode('127.0.0.1'),
        report: (changes: object = {}, session = SESSION) => report(name, changes, session),
      }
    },
  }
}

const report = (name: string, changes: object, session: string) => ({
  name,
  state: 'live',
  renditions: [
    {
      id: 'v720',
      codecs: 'avc1.64001f,mp4a.40.2',
      bandwidth: 2_000_000,
      averageBandwidth: 1_800_000,
      height: 720,
    },
    {
      id: 'v360',
      codecs: 'avc1.64001e,mp4a.40.2',
      bandwidth: 800_000,
      averageBandwidth: 700_000,
      height: 360,
    },
  ],
  audio: { id: 'sound', codecs: 'mp4a.40.2', channels: 2 },
  record: {
    session,
    startedAt: '2026-01-01T00:00:00Z',
    run: 1,
    origin: '2026-01-01T00:00:00Z',
    phase: 0,
    segmentSeconds: 2,
    firstNumber: 0,
    discontinuitySequence: 0,
    ladder: ['v720', 'v360'],
  },
  ...changes,
})
