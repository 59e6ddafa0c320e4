import { expect, test } from 'vitest'
import { type KnownReport, streamView } from './stream-state.ts'

const now = new Date('2026-01-01T12:00:00Z')
const before = (ms: number) => new Date(now.getTime() - ms)
const entry = { name: 'golive', title: 'Go live', description: '', open: true }

const report = (changes: Partial<KnownReport> = {}): KnownReport => ({
  state: 'live',
  manifest: 'index.m3u8',
  session: 's000000000001',
  height: 720,
  since: before(60_000),
  livesUntil: before(-5000),
  node: { id: 'a', name: 'attic', revoked: false },
  host: '127.0.0.1:8084',
  ...changes,
})
const stale = now
const revoked = { id: 'r', name: 'revoked', revoked: true }

test.each<[string, KnownReport[], string]>([
  ['without a report', [], 'never'],
  ['while it advances', [report()], 'live'],
  ['when reports stop', [report({ livesUntil: stale })], 'lost'],
  ['without its encoder', [report({ state: 'waiting' })], 'waiting'],
  ['when the waiting node is silent', [report({ state: 'waiting', livesUntil: stale })], 'lost'],
  ['after its end, however long ago', [report({ state: 'ended', livesUntil: stale })], 'ended'],
  ['on a revoked node', [report({ node: revoked })], 'ended'],
  ['live here, ended there', [report({ state: 'ended' }), report()], 'live'],
  ['waiting here, lost there', [report({ livesUntil: stale }), report({ state: 'waiting' })], 'waiting'],
  [
    'whose node has ended a newer session than the one it lost',
    [report({ livesUntil: before(60_000) }), report({ state: 'ended', livesUntil: stale })],
    'ended',
  ],
  [
    'whose node was lost with a newer session than the one it ended',
    [report({ livesUntil: stale }), report({ state: 'ended', livesUntil: before(60_000) })],
    'lost',
  ],
  [
    'ended on one node and lost on another',
    [report({ state: 'ended' }), report({ livesUntil: stale, node: { ...revoked, revoked: false } })],
    'lost',
  ],
])('%s a stream is %s', (_, reports, state) => {
  expect(streamView(entry, reports, now)).toMatchObject({ ...entry, state })
})

test('of two nodes that have it live, the newer session counts', () => {
  const newer = report({ session: 's000000000002', since: before(1000), host: '127.0.0.2:8084' })
  expect(streamView(entry, [report(), newer], now).host).toBe('127.0.0.2:8084')
  expect(streamView(entry, [newer, report()], now).host).toBe('127.0.0.2:8084')
})

test('an ended stream has no place any more, a lost one still has', () => {
  expect(streamView(entry, [report({ state: 'ended' })], now)).not.toHaveProperty('host')
  expect(streamView(entry, [report({ livesUntil: stale })], now)).toHaveProperty('host')
})

test('a node that no probe has found yet is no place', () => {
  const { host: _, ...unproven } = report()
  expect(streamView(entry, [unproven], now)).toMatchObject({ state: 'live', node: { name: 'attic' } })
  expect(streamView(entry, [unproven], now)).not.toHaveProperty('host')
})
