import { spawn } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { superviseProcess } from './supervise.ts'

/** Machines that test are busy. */
const WAIT = 15_000

const rules = {
  backoff: { firstMs: 60_000, longestMs: 60_000 },
  stallMs: Number.POSITIVE_INFINITY,
  killAfterMs: 200,
  steadyMs: 10_000,
}

test.each([
  ['dies', process.execPath],
  ['does not exist', '/nowhere/program'],
])('a program that %s is waited for, not hammered', async (_, command) => {
  const launches = vi.fn(() => spawn(command, ['-e', 'process.exit(1)']))
  const process_ = superviseProcess({ spawn: launches, rules, report: () => {}, tickMs: 5 })
  process_.order(true)
  await vi.waitFor(() => expect(process_.state().name).toBe('waiting'), WAIT)
  await process_.stop()
  expect(launches).toHaveBeenCalledTimes(1)
})

test('a process that cannot even be spawned is waited for as well', async () => {
  const report = vi.fn()
  const spawnNothing = () => {
    throw new Error('EAGAIN')
  }
  const process_ = superviseProcess({ spawn: spawnNothing, rules, report, tickMs: 5 })
  process_.order(true)
  expect(process_.state().name).toBe('waiting')
  expect(report).toHaveBeenCalledTimes(1)
  await process_.stop()
})

test('a wall clock that is set neither kills a process nor keeps one waiting', async () => {
  vi.spyOn(Date, 'now').mockReturnValue(0)
  let launches = 0
  const process_ = superviseProcess({
    spawn: () =>
      spawn(process.execPath, ['-e', ++launches === 1 ? '' : 'setInterval(() => {}, 1000)'], {
        detached: true,
      }),
    rules: { ...rules, stallMs: 60_000, backoff: { firstMs: 10, longestMs: 10 } },
    report: () => {},
    tickMs: 5,
  })
  process_.order(true)
  await vi.waitFor(() => expect(launches).toBe(2), WAIT)
  vi.spyOn(Date, 'now').mockReturnValue(10 * 365 * 86_400_000)
  await new Promise((resolve) => setTimeout(resolve, 50)) // ten ticks in which nothing may happen
  expect(process_.state().name).toBe('running')
  vi.restoreAllMocks()
  await process_.stop()
})

test('a killed process is started again', async () => {
  const pids: (number | undefined)[] = []
  const process_ = superviseProcess({
    spawn: () => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true })
      pids.push(child.pid)
      return child
    },
    rules: { ...rules, backoff: { firstMs: 10, longestMs: 10 } },
    report: () => {},
    tickMs: 5,
  })
  process_.order(true)
  process.kill(Number(pids[0]), 'SIGKILL')
  await vi.waitFor(() => expect(pids).toHaveLength(2), WAIT)
  await process_.stop()
})

test('what a leader leaves behind when it ends is killed, though it holds the pipes open', async () => {
  const leader = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    process.stdout.write(String(child.pid), () => process.exit(1))`
  let left = 0
  const process_ = superviseProcess({
    spawn: () => {
      const child = spawn(process.execPath, ['-e', leader], { detached: true })
      child.stdout.on('data', (data) => {
        left = Number(data)
      })
      return child
    },
    rules,
    report: () => {},
    tickMs: 5,
  })
  process_.order(true)
  await vi.waitFor(() => expect(process_.state().name).toBe('waiting'), WAIT)
  expect(left).toBeGreaterThan(0)
  await vi.waitFor(() => expect(() => process.kill(left, 0)).toThrow(/ESRCH/), WAIT)
  await process_.stop()
})

test('a leader that ignores the polite signal is killed together with the group it leads', async () => {
  const leader = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    process.on('SIGTERM', () => {})
    setInterval(() => {}, 1000)
    console.log(child.pid)`
  let grandchild = 0
  const process_ = superviseProcess({
    spawn: () => {
      const child = spawn(process.execPath, ['-e', leader], { detached: true })
      child.stdout.on('data', (data) => {
        grandchild = Number(data)
      })
      return child
    },
    rules,
    report: () => {},
    tickMs: 5,
  })
  process_.order(true)
  await vi.waitFor(() => expect(grandchild).toBeGreaterThan(0), WAIT)
  await process_.stop()
  await vi.waitFor(() => expect(() => process.kill(grandchild, 0)).toThrow(/ESRCH/), WAIT)
})

test('a process that can be asked to end in its own way is not signalled, unless it does not listen', async () => {
  const ends: (string | number | null)[] = []
  for (const script of ['process.stdin.resume()', 'setInterval(() => {}, 1000)']) {
    const child = spawn(process.execPath, ['-e', script], { detached: true })
    const process_ = superviseProcess({
      spawn: () => child,
      askToEnd: () => child.stdin.end() !== undefined,
      ended: ({ code, signal }) => ends.push(signal ?? code),
      rules: { ...rules, killAfterMs: 3000 },
      report: () => {},
      tickMs: 5,
    })
    process_.order(true)
    await process_.stop()
  }
  expect(ends).toEqual([0, 'SIGKILL'])
}, 30_000)
