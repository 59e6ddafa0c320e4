import { expect, test } from 'vitest'
import { expectStatus } from '../system/eventually.ts'
import { startFleet } from '../system/start-test-fleet.ts'

test('Ctrl-C ends a fleet of three nodes and a stream within five seconds', async () => {
  const fleet = await startFleet(['--nodes', '3'])
  await expectStatus('http://127.0.0.3:8083/health', 200)
  const stoppedAt = Date.now()
  expect(await fleet.stop('SIGINT')).toBe(0)
  expect(Date.now() - stoppedAt).toBeLessThan(5000)
  await fleet.remove()
})
