import { actingAs } from '../../control-plane/audit/actor.ts'
import { heartbeat, type TestControlPlane } from './start-test-control-plane.ts'

const METRICS = { uptimeSeconds: 60, cpu: { percent: 5, cores: 4, load1: 1 } }
const RECORD = {
  ...{ session: 'saaaaaaaaaaaa', run: 1, phase: 0, segmentSeconds: 2, firstNumber: 0 },
  ...{ discontinuitySequence: 0, ladder: ['v360'] },
}

/** Something of each kind that pages show, called `words` by whoever may call it anything: nodes, encoders, browsers, operators. */
export async function fillTestFleet(cloud: TestControlPlane, words: string) {
  const { rooms } = cloud
  const node = await troubledNode(cloud, words)
  const whoever = { who: words, source: words }
  await rooms.streamCatalog.addStream({ name: 'harbour', title: words, description: words })
  await rooms.streamCatalog.describeStream('harbour', { category: words.slice(0, 60) })
  const { id: key } = await rooms.streamCatalog.createKey('harbour')
  await rooms.mirrorDesk.choose('harbour', { copies: 2 })
  const at = new Date().toISOString()
  const renditions = [{ id: 'v360', codecs: words, bandwidth: 1, averageBandwidth: 1, height: 360 }]
  await node.post('/streams', {
    ...{ name: 'harbour', state: 'live', renditions, record: { ...RECORD, startedAt: at, origin: at } },
  })
  // However slow the machine is that the test runs on.
  const later = new Date(Date.now() + 3_600_000)
  await cloud.db.updateTable('stream_report').set({ lives_until: later }).execute()
  await cloud.db.updateTable('lease').set({ ends_at: later }).execute()
  const command = await orders(cloud, node.id, words)
  const claim = await actingAs(whoever, () => rooms.enrolment.createClaim({ hours: 1 }))
  await actingAs(whoever, () => rooms.audit.record({ deed: 'test', subject: words, outcome: words }))
  const password = await rooms.accounts.resetPassword('admin')
  const admin = { operator: 'admin', role: 'admin' } as const
  await rooms.apiTokens.makeToken(admin, { name: 'backup', scope: 'read', days: 30 })
  await rooms.accounts.login('admin', password, { source: words, agent: words })
  const { url } = await rooms.verdictLinks.makeLink(node.id, 'operator')
  const secret = url.split('/').at(-1) ?? ''

  return {
    node,
    password,
    /** A route's path with what is there in it. */
    pathTo: (path: string) =>
      path
        .replace('/keys/:id', `/keys/${key}`)
        .replace('/claims/:id', `/claims/${claim.id}`)
        .replace('/people/:name', '/people/admin')
        .replace(/:secret\b(\{.*?\}+)?/, secret)
        .replace(/:(name|stream)\b/, 'harbour')
        .replace(':command', command)
        .replace(/:id\b/, node.id)
        .replace(/:\w+(\{.*?\})?/g, 'x')
        .replace('*', 'nothing'),
  }
}

/** Of which every part says what is wrong with it. */
async function troubledNode({ db, rooms, enrolledNode }: TestControlPlane, words: string) {
  const node = await enrolledNode()
  await node.beat(heartbeat({ release: words.slice(0, 50), live: ['harbour'] }))
  await db.updateTable('node').set({ name: words }).where('id', '=', node.id).execute()
  const at = new Date()
  const where = { node_id: node.id, family: 4, address: '127.0.0.1' } as const
  const found = { since: at, checked_at: at, cause: words }
  await db
    .insertInto('reachability')
    .values({ ...where, ...found, reachable: false })
    .execute()
  await db
    .insertInto('segment_fact')
    .values({ ...where, ...found, stream_name: 'harbour', fetched: false })
    .execute()
  await db
    .insertInto('standing')
    .values({
      ...{ ...where, state: 'unreachable', since: at, cause: words, failure: null, falls: '[]', due_at: at },
      ...{ good_since: null, bad_since: at, up_at: null },
    })
    .onDuplicateKeyUpdate({ state: 'unreachable', cause: words })
    .execute()
  await rooms.incidents.begin({ kind: 'blind', family: 6, since: at, cause: words })
  const size = { totalBytes: 100, usedBytes: 61 }
  const network = [{ interface: words.slice(0, 50), receivedBytesPerSecond: 1, sentBytesPerSecond: 1 }]
  const processes = [{ name: words.slice(0, 50), pid: 1, cpuPercent: 1, memoryBytes: 1 }]
  const measured = { measuredAt: at.toISOString(), memory: size, storage: [{ mount: words, ...size }] }
  await rooms.metrics.saveLatest([
    { nodeId: node.id, text: JSON.stringify({ ...METRICS, ...measured, network, processes }), at },
  ])
  return node
}

/** A configuration that did not do, and a command with the logs that came of it. */
async function orders({ rooms }: TestControlPlane, nodeId: string, words: string): Promise<string> {
  await rooms.configurations.change(nodeId, { mostViewers: 5 }, words.slice(0, 50))
  const steps = [{ setting: words.slice(0, 100), outcome: 'rejected' as const, why: words }]
  await rooms.configurations.heard(nodeId, { version: 1, state: 'returned', steps, inForce: 0, cause: words })
  const { id } = await rooms.commands.ask(nodeId, { name: 'diagnostics' }, words.slice(0, 50))
  await rooms.commands.takeDiagnostics(nodeId, id, { sections: [{ name: words, text: words }] })
  await rooms.commands.heard(nodeId, id, { state: 'done', outcome: words })
  return id
}
