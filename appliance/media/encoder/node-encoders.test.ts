import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pixelsPerSecondOf, type Rung, type Source } from '../ladder/ladder-plan.ts'
import { planEncoder } from './encoder-plan.ts'
import type { Box } from './encoding-budget.ts'
import { measureRoutes } from './measure-routes.ts'
import { Measurement } from './measurement.ts'
import { nodeEncoders } from './node-encoders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'encoders-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const speeds: Box['speeds'] = [
  { encoder: 'libx264', pixelsPerSecond: 200e6 },
  { encoder: 'h264_vaapi', pixelsPerSecond: 900e6 },
]
const UNUSABLE: Box['unusable'] = [{ encoder: 'h264_qsv', why: 'there is none' }]

test('a machine is measured when somebody asks, once at a time, and what was found can be read', async () => {
  const node = start()
  expect(await node.ask('GET')).toMatchObject({
    status: 200,
    body: { state: 'unmeasured', measured_at: null, message: expect.stringMatching(/not been measured yet/) },
  })
  expect(await node.ask('POST')).toMatchObject({ status: 202, body: { state: 'measuring' } })
  expect(await node.ask('POST')).toMatchObject({
    status: 409,
    body: { code: 'busy', message: expect.stringMatching(/is measuring itself/) },
  })
  await node.measured()
  await vi.waitFor(async () =>
    expect((await node.ask('GET')).body).toMatchObject({
      state: 'measured',
      message: expect.stringMatching(/encodes 675 megapixels a second in real time with h264_vaapi/),
      encoders: [{ name: 'libx264', pixels_per_second: 200e6 }, { name: 'h264_vaapi' }],
      unusable: [{ name: 'h264_qsv', why: 'there is none' }],
      budget: { encoder: 'h264_vaapi', pixels_per_second: 675e6 },
    }),
  )
})

test('beside streams it is not measured: it would seem slower than it is', async () => {
  const node = start(['cam', 'demo'])
  expect(await node.ask('POST')).toMatchObject({
    status: 409,
    body: { code: 'busy', message: expect.stringMatching(/encodes cam, demo: .*slower than it is/) },
  })
  expect((await node.ask('GET')).body).toMatchObject({ state: 'unmeasured' })
})

test('an encoder that failed is relied on again when it is found to work', async () => {
  const node = start()
  await node.ask('POST')
  await node.measured()
  await vi.waitFor(() => expect(node.encoders.budget('cam').encoder).toBe('h264_vaapi'))
  node.encoders.distrust('h264_vaapi')
  expect(node.encoders.budget('cam').encoder).toBe('libx264')
  expect((await node.ask('GET')).body).toMatchObject({
    message: expect.stringMatching(/with libx264.*Failed since, and not used: h264_vaapi/),
    budget: { encoder: 'libx264' },
  })
  await node.ask('POST')
  await node.measured([])
  await vi.waitFor(async () => expect((await node.ask('GET')).body.message).toMatch(/too busy/))
  expect(node.encoders.budget('cam').encoder, 'nothing was found').toBe('libx264')
  await node.ask('POST')
  await node.measured()
  await vi.waitFor(() => expect(node.encoders.budget('cam').encoder).toBe('h264_vaapi'))
})

test('of three sources that begin at once none takes what is kept for another, however large it is', async () => {
  const names = ['a', 'b', 'c']
  const node = start([], names)
  await node.ask('POST')
  await node.measured()
  await vi.waitFor(() => expect(node.encoders.budget('a').encoder).toBe('h264_vaapi'))
  node.encoders.distrust('h264_vaapi')
  expect(node.encoders.full()?.message).toMatch(/^This node is full: beside 3 streams/)
  const planned = names.map((name) => node.encode(name, FULL_HD))
  expect(planned.map((rungs) => rungs.map(({ id }) => id))).toEqual(
    Array(3).fill(['v720', 'v480', 'v360', 'v240']),
  )
  expect(pixelsPerSecondOf(planned.flat())).toBeLessThan(0.75 * 200e6)
  expect(node.encoders.full()?.message).toMatch(/^This node is full: beside 3 streams/)
})

test('a source that is alone gets all that the machine can do, and what is left decides on the next', async () => {
  const node = start()
  const rungs = node.encode('a', FULL_HD)
  expect(rungs.map(({ id }) => id)).toContain('v1080')
  expect(node.encoders.full()?.message).toMatch(/beside one stream/)
})

const FULL_HD = { width: 1920, height: 1080, frameRate: 30, audio: true }
const GRID = { segmentSeconds: 2, partMs: 333 }

/** The encoders of a node that encodes these streams, and how people ask what it can. */
function start(streams: string[] = [], awaited: string[] = []) {
  const encoded = new Map<string, Rung[]>()
  const held: ((found: Box['speeds']) => void)[] = []
  const encoders = nodeEncoders({
    boxPath: join(folder, 'box.json'),
    encoded: () => streams.map((name) => ({ name, rungs: encoded.get(name) ?? [] })),
    expected: () => awaited.map((name) => ({ name })),
    async measure(machine) {
      const found = await new Promise<Box['speeds']>((resolve) => held.push(resolve))
      return { machine, measuredAt: new Date().toISOString(), speeds: found, unusable: UNUSABLE }
    },
    log: createLog('media', () => {}),
  })
  const app = new Hono()
  answerProblems(
    app,
    createLog('media', () => {}),
  )
  app.route('/measure', measureRoutes(encoders))
  return {
    encoders,
    /** Begins to encode a stream, and says by which renditions. */
    encode(name: string, source: Source): Rung[] {
      const { rungs } = planEncoder({ source, ladder: undefined, ...GRID, ...encoders.budget(name) })
      streams.push(name)
      encoded.set(name, rungs)
      return rungs
    },
    /** Lets what is being measured come to its end. */
    async measured(found = speeds) {
      await vi.waitFor(() => expect(held).toHaveLength(1), { timeout: 20_000 })
      held.pop()?.(found)
    },
    async ask(method: 'GET' | 'POST') {
      const response = await app.request('/measure', { method })
      const answer = await response.json()
      return { status: response.status, body: response.ok ? Measurement.parse(answer) : answer }
    },
  }
}
