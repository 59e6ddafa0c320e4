import type { Beacon } from '@sixcast/shared/contract/beacon.ts'
import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import { freshDatabase, silentLog } from '../../tests/setup/fresh-database.ts'
import type { LiveStream } from '../steering/live-streams.ts'
import { beaconRepository } from './beacon-repository.ts'
import { beaconRoutes } from './beacon-routes.ts'
import { keepBeacons } from './keep-beacons.ts'

const db = await freshDatabase()
const experiences = beaconRepository(db)

const PATHWAY = 'nabcdefgh-g123456'
const SESSION = 's00000000000a'
const NODE = 'abcdefghijklmnopqrst'
const golive: LiveStream = {
  name: 'golive',
  state: 'live',
  session: SESSION,
  manifest: 'index.m3u8',
  tracks: () => ({ renditions: [] }),
  copies: [
    {
      node: { id: NODE, name: 'depot' },
      session: SESSION,
      role: 'origin',
      standing: 'healthy',
      at: { address: '2a02:8071::1', port: 8084, pathway: PATHWAY },
    },
  ],
}

let counted: Beacon[]
let lost: string[]
let app: Hono
beforeEach(() => {
  ;[counted, lost] = [[], []]
  app = new Hono().route(
    '/',
    beaconRoutes({
      beacons: { count: (beacon) => counted.push(beacon) },
      fleet: {
        lastKnown: async () => ({ readAt: 0, names: new Set(), streams: new Map([['golive', golive]]) }),
      },
      lost: (nodeId, worth) => lost.push(`${worth} ${nodeId}`),
    }),
  )
  answerProblems(app, silentLog)
})

const about = { stream: 'golive', session: SESSION, pathway: PATHWAY }
const failure = { ...about, what: 'failure', how: 'timeout' }

async function tell(beacon: unknown, from = '192.0.2.1') {
  const body = typeof beacon === 'string' ? beacon : JSON.stringify(beacon)
  const init = { method: 'POST', body, headers: { 'content-type': 'text/plain;charset=UTF-8' } }
  const socket = { remoteAddress: from, remotePort: 1, remoteFamily: 'IPv4' }
  return await app.request('http://cloud/beacon', init, { incoming: { socket } })
}

test.each([
  { ...about, what: 'join', ms: 800 },
  { ...about, what: 'stall', ms: 300 },
  { ...about, what: 'watched', seconds: 300 },
  { ...about, pathway: 'relay', what: 'join', ms: 900 },
  { stream: 'golive', pathway: PATHWAY, what: 'join', ms: 800 },
])('%j is counted, from a page of whatever origin, and moves nobody', async (beacon) => {
  const response = await tell(beacon)
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  expect(counted).toEqual([beacon])
  expect(lost).toEqual([])
})

test('a failed pathway has its node looked at', async () => {
  await tell(failure)
  expect([counted.length, lost]).toEqual([1, [`watch ${NODE}`]])
})

test.each([
  ['a stream that is not live', { ...failure, stream: 'other' }],
  ['a session that is over', { ...failure, session: 's00000000000b' }],
  ['a node that does not have the stream', { ...failure, pathway: 'nzzzzzzzz-g123456' }],
  ['a node at another address than its own', { ...failure, pathway: 'nabcdefgh-g999999' }],
])('of %s nobody can have anything counted or looked at', async (_, beacon) => {
  expect((await tell(beacon)).status).toBe(204)
  expect([counted, lost]).toEqual([[], []])
})

test('the relay is nobody’s node', async () => {
  await tell({ ...failure, pathway: 'relay' })
  expect([counted.length, lost]).toEqual([1, []])
})

test.each([
  ['not JSON', 'x'],
  ['too long', JSON.stringify({ ...about, what: 'join', ms: 1, more: 'x'.repeat(2000) })],
  ['of no kind', { ...about, what: 'rant' }],
  ['without a pathway', { stream: 'golive', what: 'join', ms: 1 }],
  ['longer than anybody waits', { ...about, what: 'join', ms: 1e9 }],
  ['negative', { ...about, what: 'stall', ms: -1 }],
  ['half', { ...about, what: 'stall', ms: 1.5 }],
  ['a way to hide a script', { ...about, pathway: '<script>', what: 'join', ms: 1 }],
])('what is %s is refused', async (_, beacon) => {
  const response = await tell(beacon)
  expect([response.status, (await response.json()).code]).toEqual([400, 'bad-request'])
  expect(counted).toEqual([])
})

test('one household is heard sixty times a minute and has a node watched once, whatever it tells', async () => {
  const answers = []
  for (let each = 0; each < 100; each += 1) answers.push((await tell(failure, `2a02:1:1:1::${each}`)).status)
  expect(answers.filter((status) => status === 204)).toHaveLength(60)
  expect(answers.at(-1)).toBe(429)
  expect(lost).toEqual([`watch ${NODE}`])
  expect((await tell(failure, '2a02:1:1:2::1')).status, 'others are heard').toBe(204)
})

test('what was counted is written down once a second at most, added up by minute, and kept for two days', async () => {
  const report = (error: unknown) => expect.fail(String(error))
  const [one, other] = [keepBeacons({ experiences, report }), keepBeacons({ experiences, report })]
  const now = new Date()
  for (const beacons of [one, other]) {
    beacons.count({ ...about, what: 'join', ms: 800 }, now)
    beacons.count({ ...about, what: 'watched', seconds: 60 }, now)
  }
  await Promise.all([one.stop(), other.stop()])
  const joins = { stream: 'golive', pathway: PATHWAY, kind: 'join', bucket: 16, count: 2, total: 1600 }
  const hourAgo = new Date(now.getTime() - 3_600_000)
  expect(await experiences.listSince(hourAgo)).toEqual(
    expect.arrayContaining([joins, { ...joins, kind: 'watched', bucket: 0, total: 120 }]),
  )
  expect(await experiences.removeBefore(hourAgo)).toBe(0)
  expect(await experiences.removeBefore(new Date(now.getTime() + 60_000))).toBe(2)
})
