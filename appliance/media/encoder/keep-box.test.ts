import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepBox } from './keep-box.ts'

const machine = { ffmpeg: '5.1.9', cpu: 'a processor', cores: 2 }
const QUIET = () => true
const NEVER = new AbortController().signal
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'box-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a machine is measured once, also across starts', async () => {
  const first = start()
  expect(first.kept.box()).toBeUndefined()
  await first.kept.measureWhen(QUIET, NEVER, 0)
  expect(first.kept.box()).toMatchObject({ machine })
  expect(first.lines[0]).toMatch(/This node encodes 150 megapixels/)

  const second = start()
  expect(second.kept.box()).toEqual(first.kept.box())
  await second.kept.measureWhen(QUIET, NEVER, 0)
  expect(second.measured()).toBe(0)
})

test.each([{ ffmpeg: '7.0' }, { cpu: 'another' }, { cores: 4 }])(
  'it is measured anew with %j',
  async (change) => {
    await start().kept.measureWhen(QUIET, NEVER, 0)
    const changed = start(change)
    await changed.kept.measureWhen(QUIET, NEVER, 0)
    expect(changed.measured()).toBe(1)
    expect(changed.kept.box()?.machine).toEqual({ ...machine, ...change })
  },
)

test('it is measured on demand, once for all who ask at the same time', async () => {
  const node = start()
  await Promise.all([node.kept.remeasure(), node.kept.remeasure()])
  expect(node.measured()).toBe(1)
  await node.kept.remeasure()
  expect(node.measured()).toBe(2)
})

test('it is not measured while that disturbs somebody, nor when the node ends', async () => {
  const node = start()
  const looks = [false, false, true]
  await node.kept.measureWhen(() => looks.shift() ?? true, NEVER, 0)
  expect([looks.length, node.measured()]).toEqual([0, 1])
  const ended = start({ cores: 8 })
  await ended.kept.measureWhen(QUIET, AbortSignal.abort())
  expect(ended.measured()).toBe(0)
})

test('a machine that was too busy to be measured is measured again', async () => {
  const node = start(machine, [false, true])
  await node.kept.measureWhen(QUIET, NEVER, 0)
  expect(node.measured()).toBe(2)
  expect(node.kept.box()?.speeds).toHaveLength(1)
})

test('what is known of a machine outlives an attempt for which it was too busy', async () => {
  const node = start(machine, [true, false])
  await node.kept.remeasure()
  const known = node.kept.box()
  await node.kept.remeasure()
  expect([node.measured(), node.kept.box()]).toEqual([2, known])
  expect(start().kept.box()).toEqual(known)
  expect(node.kept.trouble()).toMatch(/too busy to be measured; what was known before holds/)
  await node.kept.remeasure()
  expect(node.kept.trouble()).toBeUndefined()
})

test('what cannot be read is measured again', async () => {
  writeFileSync(join(folder, 'box.json'), '{')
  const node = start()
  await node.kept.measureWhen(QUIET, NEVER, 0)
  expect(node.measured()).toBe(1)
})

function start(change: Partial<typeof machine> = {}, calm: boolean[] = []) {
  let measured = 0
  const lines: string[] = []
  const kept = keepBox({
    path: join(folder, 'box.json'),
    machine: async () => ({ ...machine, ...change }),
    async measure(of) {
      measured++
      const speeds = (calm.shift() ?? true) ? [{ encoder: 'libx264' as const, pixelsPerSecond: 200e6 }] : []
      return { machine: of, measuredAt: new Date().toISOString(), speeds, unusable: [] }
    },
    log: createLog('media', (line) => lines.push(line)),
  })
  return { kept, lines, measured: () => measured }
}
