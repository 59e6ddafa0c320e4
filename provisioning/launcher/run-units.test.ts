import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { execPath } from 'node:process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formerRunEnded } from './former-run.ts'
import { bringUp } from './readiness.ts'
import { type RunningUnits, runUnits, type UnitEnd } from './run-units.ts'
import type { Unit } from './unit-plan.ts'

let folder: string
let running: RunningUnits | undefined
let restarts: UnitEnd[]
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sixcast-units-`)
  mkdirSync(`${folder}/logs`)
  restarts = []
})
afterEach(async () => {
  await running?.stop([...running.units.keys()])
  rmSync(folder, { recursive: true, force: true })
})

const unit = (name: string, script: string, rest: Partial<Unit> = {}): Unit => ({
  name,
  command: [execPath, '-e', script],
  env: {},
  staleSockets: [],
  deathSignal: 'KILL',
  killAfterMs: 500,
  ...rest,
})

function run(...units: Unit[]) {
  running = runUnits({
    units,
    logFolder: `${folder}/logs`,
    unitsFile: `${folder}/units.json`,
    env: { PATH: '/usr/bin:/bin' },
    restarted: (end) => restarts.push(end),
  })
  return running
}

const pids = (): Record<string, number> => JSON.parse(readFileSync(`${folder}/units.json`, 'utf8'))

function alive(pid = 0) {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

const FOREVER = 'setInterval(() => {}, 1000)'

test('a unit that is killed comes back within a second, and its new process is noted', async () => {
  run(unit('one', FOREVER)).start('one')
  const first = pids().one ?? 0
  expect(alive(first)).toBe(true)
  process.kill(first, 'SIGKILL')
  await expect.poll(() => pids().one, { timeout: 1500 }).toSatisfy((pid) => pid > 0 && pid !== first)
  expect(restarts).toEqual([{ unit: 'one', how: 'killed by SIGKILL', failures: 1 }])
})

test('what a unit started goes with it', async () => {
  const child = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).pid`
  const units = run(unit('parent', `console.log('child ' + ${child}); ${FOREVER}`))
  units.start('parent')
  await expect.poll(() => units.lastWords('parent')).toMatch(/^child \d+$/)
  const pid = Number(units.lastWords('parent').split(' ')[1])
  expect(alive(pid)).toBe(true)
  process.kill(pids().parent ?? 0, 'SIGKILL')
  await expect.poll(() => alive(pid)).toBe(false)
})

test('a unit that does not listen to the polite signal is killed', async () => {
  const units = run(unit('deaf', `process.on('SIGTERM', () => {}); console.log('up'); ${FOREVER}`))
  units.start('deaf')
  await expect.poll(() => units.lastWords('deaf')).toBe('up')
  const pid = pids().deaf
  await units.stop(['deaf'])
  expect(alive(pid)).toBe(false)
  expect(pids()).toEqual({})
})

test('nothing starts any more once the fleet is stopping', async () => {
  const units = run(unit('one', FOREVER), unit('two', FOREVER))
  units.start('one')
  await units.stop(['one'])
  units.start('two')
  expect(pids()).toEqual({})
})

test('a unit that is held stays down until it is started again', async () => {
  const units = run(unit('one', FOREVER))
  units.start('one')
  const pid = units.pid('one') ?? 0
  await units.hold(['one', 'never started'])
  expect([alive(pid), units.isStarted('one'), units.pid('one')]).toEqual([false, false, undefined])
  units.start('one')
  expect(alive(units.pid('one') ?? 0)).toBe(true)
  expect(units.pid('one')).not.toBe(pid)
})

test('what a unit says is kept, both ways it can say it', async () => {
  run(unit('talker', `console.log('out'); console.error('err'); ${FOREVER}`)).start('talker')
  const log = () => readFileSync(`${folder}/logs/talker.log`, 'utf8')
  await expect.poll(log).toMatch(/Z out\n/)
  await expect.poll(log).toMatch(/Z err\n/)
})

test('a unit is up when it accepts connections, also over the socket of a killed predecessor', async () => {
  const path = `${folder}/one.sock`
  writeFileSync(path, '')
  const script = `require('net').createServer().listen(${JSON.stringify(path)})`
  const units = run(unit('one', script, { staleSockets: [path], ready: { path } }))
  await bringUp(units, ['one'], `${folder}/logs`)
  await new Promise((resolve, reject) => connect(path).once('connect', resolve).once('error', reject))
})

test('a unit that cannot start is said so, with its last words', async () => {
  const broken = unit('broken', `console.error('no such engine'); process.exit(1)`, {
    ready: { path: `${folder}/never.sock` },
  })
  await expect(bringUp(run(broken), ['broken'], `${folder}/logs`)).rejects.toThrow(
    /The broken unit does not start\. It said last: no such engine\n/,
  )
}, 20_000)

test('a program that does not exist is a failure like any other', async () => {
  const missing = unit('missing', '', {
    command: ['/nowhere/nginx'],
    ready: { path: `${folder}/never.sock` },
  })
  await expect(bringUp(run(missing), ['missing'], `${folder}/logs`)).rejects.toThrow(/\/nowhere\/nginx/)
}, 20_000)

test("a killed launcher's units are waited for, other processes with their numbers are not", async () => {
  writeFileSync(`${folder}/units.json`, JSON.stringify({ stranger: process.pid }))
  await formerRunEnded(`${folder}/units.json`, folder, 60_000)

  run(unit('leftover', FOREVER, { env: { RUNTIME_DIRECTORY: folder } })).start('leftover')
  // While setpriv becomes the program, /proc shows neither.
  await expect.poll(() => readFileSync(`/proc/${pids().leftover}/cmdline`, 'utf8')).toMatch(/^(?!setpriv)./)
  let ended = false
  const waiting = formerRunEnded(`${folder}/units.json`, folder, 60_000).then(() => {
    ended = true
  })
  await expect.poll(() => alive(pids().leftover)).toBe(true)
  expect(ended).toBe(false)
  await running?.stop(['leftover'])
  await waiting
})
