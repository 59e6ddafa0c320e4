import { expect, onTestFinished, test, vi } from 'vitest'
import { monitorAddresses } from './monitor-addresses.ts'

const WITHIN = { timeout: 10_000, interval: 10 }

test('whatever the kernel says is a reason to look, and so is that it can no longer be heard', async () => {
  const changed = vi.fn()
  monitor(changed, `console.log('a line')`)
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2), WITHIN)
})

test('a machine without the program is told of, and not hammered', async () => {
  const report = vi.fn()
  const { state } = monitor(() => {}, '', { report, program: '/nowhere/ip' })
  await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(1), WITHIN)
  await vi.waitFor(() => expect(state().name).toBe('waiting'), WITHIN)
})

function monitor(
  changed: () => void,
  script: string,
  { report = () => {}, program = process.execPath } = {},
) {
  const started = monitorAddresses({ changed, report, command: [program, '-e', script] })
  onTestFinished(() => started.stop())
  return started
}
