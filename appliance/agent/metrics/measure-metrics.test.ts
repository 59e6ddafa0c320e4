import { spawn } from 'node:child_process'
import { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { measureMetrics } from './measure-metrics.ts'
import { ownProcesses } from './own-processes.ts'

const RUN = `/tmp/sixcast-metrics-${process.pid}`

test('this machine is measured in the form of the contract', async () => {
  const metrics = NodeMetrics.parse(await measureMetrics(RUN)())
  expect(metrics.memory.usedBytes).toBeGreaterThan(0)
  expect(metrics.memory.usedBytes).toBeLessThan(metrics.memory.totalBytes)
  expect(metrics.network.map(({ interface: name }) => name)).toContain('lo')
  expect(metrics.processes).toEqual([])
})

test('our own processes are found, with what they use', async () => {
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], {
    env: { RUNTIME_DIRECTORY: RUN },
    stdio: 'ignore',
  })
  onTestFinished(() => void busy.kill('SIGKILL'))
  const measure = ownProcesses(RUN)
  await vi.waitFor(
    () => {
      const found = measure().find(({ pid }) => pid === busy.pid)
      expect(found?.cpuPercent).toBeGreaterThan(5)
      expect(found?.memoryBytes).toBeGreaterThan(1e6)
    },
    { timeout: 10_000, interval: 200 },
  )
})
