import { expect, test, vi } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { startTestWebhook, withTest } from '../../tests/setup/start-test-receivers.ts'
import { openRooms } from '../rooms.ts'
import { startAlerts } from './watch-alerts.ts'

const publicUrl = 'http://fleet.example'
const rooms = await openRooms(await freshDatabase(), { publicUrl })
const log = { info: () => {}, warn: () => {} }
const node = {
  id: 'a'.repeat(20),
  name: 'depot',
  kind: 'down' as const,
  urgency: 2,
  addresses: [],
  streams: [],
}

/** What takes ten seconds takes one. */
const begun = Date.now()
const now = () => new Date(begun + 10 * (Date.now() - begun))

/** As one of several processes. */
const start = (isOurTurn: () => boolean) => {
  const list = vi.fn(async () => [{ ...node, isAlive: false }])
  const report = vi.fn()
  const fleet = { ...rooms, nodeBriefs: { list } }
  const alerts = startAlerts({
    ...fleet,
    publicUrl,
    mailServer: undefined,
    log,
    isOurTurn,
    report,
    everyMs: 20,
    now,
  })
  return { ...alerts, list, report }
}

test('of two processes the one whose turn it is looks and tells, and it is told once', async () => {
  const hook = await withTest(startTestWebhook())
  await rooms.channelDesk.addWebhook(hook.url)
  await rooms.alertDesk.saveRule('node-unreachable', { enabled: true, forSeconds: 0 })
  const [ours, theirs] = [start(() => true), start(() => false)]
  await vi.waitFor(() => expect(hook.knocks).toHaveLength(1), { timeout: 25_000, interval: 100 })
  await Promise.all([ours.stop(), theirs.stop()])
  expect(theirs.list).not.toHaveBeenCalled()
  expect(hook.knocks).toHaveLength(1)
  for (const { report } of [ours, theirs]) expect(report).not.toHaveBeenCalled()
}, 40_000)
