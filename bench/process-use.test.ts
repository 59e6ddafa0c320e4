import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { childrenOf, environmentOf, useOfGroup, useOfTree } from './process-use.ts'

const burn =
  'const until = Date.now() + 300; while (Date.now() < until); console.log(1); setInterval(() => {}, 1000)'

test('a tree counts what its branches use, a group only its own', async () => {
  const parent = `
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(burn)}], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    child.stdout.pipe(process.stdout)
    process.on('SIGTERM', () => { child.kill(); process.exit() })`
  const child = spawn(process.execPath, ['-e', parent], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, BENCH_TEST: 'a=b' },
  })
  await once(child.stdout, 'data')
  const pid = child.pid ?? 0
  const [group, tree] = [useOfGroup(pid), useOfTree(pid)]
  expect(tree.cpuSeconds - group.cpuSeconds).toBeGreaterThan(0.02)
  expect(tree.memoryBytes).toBeGreaterThan(group.memoryBytes)
  expect(childrenOf(pid).map(({ command }) => command[1])).toEqual(['-e'])
  expect(environmentOf(pid, 'BENCH_TEST')).toBe('a=b')
  child.kill()
  await once(child, 'close')
})

test('a process that is gone uses nothing', () => {
  expect(useOfTree(2 ** 30)).toEqual({ cpuSeconds: 0, memoryBytes: 0 })
})
