import { expect, onTestFinished, test, vi } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { openRooms } from '../rooms.ts'
import { startHousekeeping, sweep } from './housekeeping.ts'

const db = await freshDatabase()
const rooms = await openRooms(db, { publicUrl: 'http://127.0.0.1:9090' })

const now = new Date('2026-03-31T12:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR
const before = (ms: number) => new Date(now.getTime() - ms)
const after = (ms: number) => before(-ms)

test('claims are kept for thirty days after they were used, revoked or have expired', async () => {
  const claim = (id: string, changes: object = {}) => ({
    id: id.padEnd(12, '-'),
    secret_hash: id.padEnd(43, '-'),
    created_at: before(90 * DAY),
    expires_at: after(DAY),
    ...changes,
  })
  const rows = [
    claim('open'),
    claim('used', { used_at: before(29 * DAY) }),
    claim('long-used', { used_at: before(31 * DAY) }),
    claim('revoked', { revoked_at: before(29 * DAY) }),
    claim('long-revoked', { revoked_at: before(31 * DAY) }),
    claim('expired', { expires_at: before(29 * DAY) }),
    claim('long-expired', { expires_at: before(31 * DAY) }),
  ]
  await db.insertInto('claim').values(rows).execute()
  expect(await sweep(rooms, now)).toMatchObject({ claims: 3 })
  const kept = await db.selectFrom('claim').select('id').execute()
  expect(kept.map(({ id }) => id.replace(/-+$/, '')).sort()).toEqual(['expired', 'open', 'revoked', 'used'])
})

test('a login is kept until it expires', async () => {
  const session = (name: string, expires_at: Date) => ({
    token_hash: name.padEnd(43, '-'),
    operator_name: name,
    created_at: before(DAY),
    expires_at,
  })
  const rows = [session('open', after(1)), session('over', before(1))]
  await db.insertInto('operator_session').values(rows).execute()
  expect(await sweep(rooms, now)).toMatchObject({ logins: 1 })
  expect(await db.selectFrom('operator_session').select('operator_name').execute()).toEqual([
    { operator_name: 'open' },
  ])
})

test('a token is kept for thirty days after it has expired, so that its program is told', async () => {
  const token = (name: string, expires_at: Date) => ({
    ...{ id: name.padEnd(12, '-'), token_hash: name.padEnd(43, '-'), operator_name: 'ann', name },
    ...{ scope: 'read' as const, created_at: before(90 * DAY), expires_at },
  })
  await db
    .insertInto('api_token')
    .values([token('good', after(1)), token('over', before(29 * DAY)), token('long-over', before(31 * DAY))])
    .execute()
  expect(await sweep(rooms, now)).toMatchObject({ tokens: 1 })
})

test('an incident is remembered for ninety days after its end', async () => {
  const over = { kind: 'blind', family: 6 } as const
  await db
    .insertInto('incident')
    .values([
      { ...over, since: before(92 * DAY), until: before(91 * DAY) },
      { ...over, since: before(91 * DAY), until: before(89 * DAY) },
      { ...over, since: before(90 * DAY), until: null },
    ])
    .execute()
  expect(await sweep(rooms, now)).toMatchObject({ incidents: 1 })
  expect(await rooms.incidents.listOpen()).toHaveLength(1)
})

test('what was told of an alert is kept for ninety days after its end, and what is open for ever', async () => {
  for (const [id, ended_at] of [
    ['over', before(89 * DAY)],
    ['long-over', before(91 * DAY)],
    ['open', null],
  ] as const) {
    const of = { id: id.padEnd(12, '-'), incident_id: id.padEnd(12, '-') }
    const at = before(92 * DAY)
    await db
      .insertInto('alert_incident')
      .values({
        ...{ id: of.id, begun_at: at, joined_at: at, ended_at, told_at: null, told_severity: null },
        ...{ grown_at: null, over_told_at: null, acknowledged_by: null, acknowledged_at: null },
      })
      .execute()
    await db
      .insertInto('alert')
      .values({
        ...{ ...of, rule: 'heat', subject_kind: 'node', subject_id: 'a', subject_name: 'a', node_id: null },
        ...{ state: 'firing', since: at, clear_since: null, resolved_at: null, peak: null, says: '' },
      })
      .execute()
    const told = { next_at: null, error: null, sent_at: null, given_up_at: null, made_at: at }
    await db
      .insertInto('alert_message')
      .values({ ...told, ...of, id: of.id.padEnd(16, '-'), channel_id: 'a', kind: 'opened', content: '{}' })
      .execute()
  }
  expect(await sweep(rooms, now)).toMatchObject({ alertIncidents: 1 })
  for (const table of ['alert_incident', 'alert', 'alert_message'] as const)
    expect(await db.selectFrom(table).select('id').execute(), table).toHaveLength(2)
})

const report = (stream_name: string, session: string, lives_until: Date, node = 'a') => ({
  stream_name,
  node_id: node.padEnd(20, 'a'),
  session: `s${session.padEnd(12, '0')}`,
  epoch: 1,
  number: 1,
  state: 'ended' as const,
  manifest: 'index.m3u8',
  renditions: '[]',
  record: '{}',
  since: before(DAY),
  state_since: before(DAY),
  lives_until,
})

test('sessions not heard of for an hour are forgotten, but not the last of a stream', async () => {
  await db
    .insertInto('stream_report')
    .values([
      report('busy', 'old', before(2 * HOUR)),
      report('busy', 'older', before(3 * HOUR), 'b'),
      report('busy', 'recent', before(HOUR / 2)),
      report('busy', 'now', after(1000)),
      report('quiet', 'last', before(30 * DAY)),
      report('quiet', 'older', before(31 * DAY)),
    ])
    .execute()
  expect(await sweep(rooms, now)).toMatchObject({ reports: 3 })
  const kept = await db.selectFrom('stream_report').select(['stream_name', 'session']).execute()
  expect(kept.map(({ stream_name, session }) => `${stream_name} ${session}`).sort()).toEqual([
    'busy snow000000000',
    'busy srecent000000',
    'quiet slast00000000',
  ])
})

test('a stream of which many sessions were told is swept as quickly as others', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => report('many', `${i + 10_000}`, before(2 * HOUR + i)))
  await db.insertInto('stream_report').values(rows).execute()
  const begun = performance.now()
  expect(await sweep(rooms, now)).toMatchObject({ reports: 4999 })
  expect(performance.now() - begun).toBeLessThan(5000)
}, 60_000)

test('of a revoked node only its name and key are kept', async () => {
  for (const [id, revoked_at] of [
    ['k'.repeat(20), null],
    ['r'.repeat(20), before(1)],
  ] as const) {
    const node = { id, public_key: id.padEnd(43, 'k'), name: 'box', hardware: 'h', enrolled_at: before(DAY) }
    await db
      .insertInto('node')
      .values({ ...node, revoked_at })
      .execute()
    await db.insertInto('lease').values({ node_id: id }).execute()
    await db.insertInto('node_metrics').values({ node_id: id, metrics: '{}', received_at: now }).execute()
  }
  expect(await sweep(rooms, now)).toMatchObject({ leases: 1, metrics: 1 })
  for (const table of ['lease', 'node_metrics'] as const)
    expect(await db.selectFrom(table).select('node_id').execute()).toEqual([{ node_id: 'k'.repeat(20) }])
  expect(await db.selectFrom('node').select('id').execute()).toHaveLength(2)
})

test('it happens on schedule, and is told only when something was removed', async () => {
  const [log, report] = [{ info: vi.fn() }, vi.fn()]
  await sweep(rooms, new Date())
  const spent = { id: 'x'.repeat(12), secret_hash: 'x'.repeat(43), created_at: before(DAY) }
  await db
    .insertInto('claim')
    .values({ ...spent, expires_at: new Date(0) })
    .execute()
  const keeping = startHousekeeping({ ...rooms, log, report, pattern: '* * * * * *' })
  onTestFinished(() => keeping.stop())
  await vi.waitFor(() => expect(log.info).toHaveBeenCalledTimes(1), { timeout: 15_000 })
  expect(log.info).toHaveBeenCalledWith('old rows were removed', expect.objectContaining({ claims: 1 }))
  await keeping.stop()
  expect(await sweep(rooms, new Date())).toMatchObject({ claims: 0 })
  expect(log.info).toHaveBeenCalledTimes(1)
  expect(report).not.toHaveBeenCalled()
}, 20_000)
