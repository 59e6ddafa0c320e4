import type { Database } from '../control-plane/database/database.ts'

export const STREAMS = 1000
export const NODES = 100
/** Of each stream: the origin's, and one that has the same session. */
const COPIES = 2

export const streamName = (at: number) => `stream-${at}`

const nodeId = (at: number) => `node${letters(at)}`.padEnd(20, '7')
const letters = (at: number) => [...String(at)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
const sessionOf = (at: number) => `s${String(at).padStart(12, '0')}`
/** Neither silence nor lack of probes may change anything while it is measured. */
const LATER = new Date(Date.now() + 24 * 3600_000)
const BEFORE = new Date(Date.now() - 3600_000)

/** A fleet that is live as far as the database can tell. */
export async function writeFleet(db: Database): Promise<void> {
  const nodes = Array.from({ length: NODES }, (_, at) => ({ id: nodeId(at), address: `45.66.${at}.1` }))
  const streams = Array.from({ length: STREAMS }, (_, at) => at)
  await db
    .insertInto('node')
    .values(nodes.map(({ id }) => ({ id, public_key: id, name: id, hardware: 'bench', enrolled_at: BEFORE })))
    .execute()
  await db
    .insertInto('lease')
    .values(
      nodes.map(({ id, address }) => ({
        node_id: id,
        proven: address,
        source: address,
        cdn_port: 8084,
        alive_since: BEFORE,
        beat_at: BEFORE,
        ends_at: LATER,
      })),
    )
    .execute()
  await db
    .insertInto('standing')
    .values(
      nodes.map(({ id, address }) => ({
        node_id: id,
        family: 4 as const,
        address,
        state: 'healthy' as const,
        since: BEFORE,
        falls: '[]',
        due_at: LATER,
      })),
    )
    .execute()
  await db
    .insertInto('stream')
    .values(
      streams.map((at) => ({
        name: streamName(at),
        title: streamName(at),
        description: '',
        open: false,
        created_at: BEFORE,
      })),
    )
    .execute()
  for (let copy = 0; copy < COPIES; copy += 1)
    await db
      .insertInto('stream_report')
      .values(streams.map((at) => reportOf(at, nodeId((at + 7 * copy) % NODES), copy)))
      .execute()
}

const reportOf = (stream: number, node: string, copy: number) => ({
  stream_name: streamName(stream),
  node_id: node,
  epoch: 1,
  number: 1,
  state: 'live' as const,
  manifest: 'index.m3u8',
  session: sessionOf(stream),
  height: 1080,
  renditions: JSON.stringify({ renditions: RENDITIONS, audio: AUDIO }),
  record: JSON.stringify({}),
  since: new Date(BEFORE.getTime() + copy),
  state_since: new Date(BEFORE.getTime() + copy),
  lives_until: LATER,
})

const AUDIO = { id: 'audio', codecs: 'mp4a.40.2', channels: 2 }
/** A whole ladder. */
const RENDITIONS = [1080, 720, 480, 360, 240].map((height) => ({
  id: `v${height}`,
  codecs: 'avc1.64001f,mp4a.40.2',
  bandwidth: height * 4000,
  averageBandwidth: height * 3500,
  width: Math.round((height * 16) / 9),
  height,
  frameRate: 30,
}))
