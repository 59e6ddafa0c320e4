import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Trial } from './order-trials.ts'
import { pulledStreams } from './pulled-streams.ts'
import { StreamOrder } from './stream-order.ts'
import { wantedStreams } from './wanted-streams.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pulled-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const order = (stream_id: string, more = {}) =>
  StreamOrder.parse({ stream_id, source_url: 'http://camera.example/live', ...more })
const codeOf = (outcome: PromiseSettledResult<boolean>) =>
  outcome.status === 'fulfilled' ? outcome.value : outcome.reason.code

const log = createLog('media', () => {})

const AWAY = { why: 'The source at camera.example does not answer.' }
const atOnce: Trial = (look) => look()

/** A node with room for three, whose sources are all switched off. */
function start({
  staleMs = 60_000,
  published = [] as string[],
  trial = atOnce,
  find = async () => AWAY,
} = {}) {
  const finished: string[] = []
  const noted: string[] = []
  const pulls = pulledStreams({
    wanted: wantedStreams(join(folder, 'wanted.json'), log),
    past: wantedStreams(join(folder, 'past.json'), log),
    sources: {
      judge: async () => {},
      find,
    },
    stage: {
      feed: () => {},
      starve: () => {},
      finish: (name) => void finished.push(name),
      isPublished: (name) => published.includes(name),
    },
    capacity: () => (pulls.expected().length + published.length < 3 ? undefined : new Problem('node-full')),
    rtmpPort: 1935,
    trialOf: () => trial,
    staleMs,
    noted: (name, sentence) => void noted.push(`${name}: ${sentence}`),
    log,
  })
  return { pulls, finished, noted }
}

test('of fifty streams asked of a node at once it takes the three that it can do', async () => {
  const { pulls } = start()
  const names = Array.from({ length: 50 }, (_, at) => `cam${at}`)
  const outcomes = await Promise.allSettled(names.map((name) => pulls.start(order(name))))
  const codes = outcomes.map(codeOf)
  expect(codes.filter((code) => code === true)).toHaveLength(3)
  expect(codes.filter((code) => code === 'node-full')).toHaveLength(47)
  expect(pulls.names()).toHaveLength(3)
  pulls.stop('cam0')
  expect(await pulls.start(order('late'))).toBe(true)
  await pulls.suspend()
})

test('two who start one stream at the same time start it once, and who wants it otherwise is refused', async () => {
  const { pulls } = start()
  const orders = [order('cam'), order('cam'), order('cam', { low_latency: false })]
  const outcomes = await Promise.allSettled(orders.map((each) => pulls.start(each)))
  expect(outcomes.map(codeOf)).toEqual([true, false, 'name-taken'])
  await pulls.suspend()
})

test('one source written in two ways is the same source', async () => {
  const { pulls } = start()
  expect(await pulls.start(order('film', { source_url: 'sub/my film.m4a' }))).toBe(true)
  expect(await pulls.start(order('film', { source_url: 'file:///sub/my%20film.m4a' }))).toBe(false)
  await expect(pulls.start(order('film', { source_url: 'sub/my%20film.m4a' }))).rejects.toMatchObject({
    code: 'name-taken',
  })
  await pulls.suspend()
})

test('what takes no room is not taken without end either', async () => {
  const { pulls } = start()
  const own = (at: number) => order(`own${at}`, { source_url: `rtmp://localhost/live/own${at}` })
  for (let at = 0; at < 100; at += 1) expect(await pulls.start(own(at))).toBe(true)
  await expect(pulls.start(own(100))).rejects.toMatchObject({
    code: 'node-full',
    message: 'This node has been asked for 100 streams, and it keeps no more in mind: stop one.',
  })
  expect(await pulls.start(own(7))).toBe(false)
  pulls.stop('own3')
  expect(await pulls.start(own(100))).toBe(true)
  await pulls.suspend()
})

test('a source whose turn has not come is not opened, but it is ordered, and can be stopped', async () => {
  const turn = Promise.withResolvers<void>()
  const { pulls, noted } = start({ trial: (look) => turn.promise.then(look) })
  for (const name of ['cam', 'other']) expect(await pulls.start(order(name))).toBe(true)
  expect(pulls.expected()).toEqual([
    { name: 'cam', isAway: false },
    { name: 'other', isAway: false },
  ])
  expect(noted).toEqual([])
  pulls.stop('other')
  turn.resolve()
  await vi.waitFor(() => expect(noted).toEqual(['cam: The source at camera.example does not answer.']))
  expect(pulls.expected(), 'it is not there').toEqual([{ name: 'cam', isAway: true }])
  await pulls.suspend()
})

test('publishers take room too, but a stream that is asked for by its own name takes none', async () => {
  const { pulls } = start({ published: ['a', 'b', 'c'] })
  await expect(pulls.start(order('d'))).rejects.toMatchObject({ code: 'node-full' })
  await expect(pulls.start(order('a'))).rejects.toMatchObject({ code: 'already-publishing' })
  expect(await pulls.start(order('a', { source_url: 'rtmp://localhost/live/a' }))).toBe(true)
  expect(pulls.isFed('a')).toBe(false)
  await pulls.suspend()
})

test('the next process takes up what was asked for, with the settings it was asked in', async () => {
  const { pulls } = start()
  await pulls.start(order('cam', { qualities: ['360p'] }))
  await pulls.suspend()
  const next = start()
  expect(next.pulls.names()).toEqual(['cam'])
  expect(await next.pulls.start(order('cam', { qualities: ['360p'] }))).toBe(false)
  expect(statSync(join(folder, 'wanted.json')).mode & 0o777).toBe(0o600)
  await next.pulls.suspend()
})

test('an order that cannot be read, or is refused today, takes no other with it', async () => {
  const good = { ...order('good'), asked_at: new Date().toISOString() }
  const foreign = { ...good, stream_id: 'foreign', source_url: 'gopher://old.example/' }
  writeFileSync(join(folder, 'wanted.json'), JSON.stringify([{ stream_id: 'torn' }, foreign, good]))
  const { pulls } = start()
  expect(pulls.names()).toEqual(['good'])
  await pulls.suspend()
})

test('who is not asked after is stopped, unless somebody publishes it', async () => {
  const { pulls, finished } = start({ staleMs: 0, published: ['own'] })
  await pulls.start(order('own', { source_url: 'rtmp://localhost/live/own' }))
  await pulls.start(order('cam'))
  expect(pulls.cleanUp()).toBe(1)
  expect(finished).toEqual(['cam'])
  expect(pulls.names()).toEqual(['own'])
  await pulls.suspend()
})

test('what was asked for is known until its stream is shown no more, or is asked for anew', async () => {
  const { pulls, noted } = start({ staleMs: 0 })
  await pulls.start(order('cam', { enable_hls: false }))
  await pulls.start(order('door'))
  pulls.cleanUp()
  expect(noted).toContain('cam: Nobody asked after it for 0 s, so it was stopped.')
  expect([pulls.order('cam'), pulls.pastOrder('cam')]).toMatchObject([undefined, { enable_hls: false }])
  await pulls.suspend()
  const next = start().pulls
  expect([next.names(), next.pastOrder('cam')]).toMatchObject([[], { enable_hls: false }])
  next.forgetPast((name) => name === 'cam')
  expect([next.pastOrder('cam'), next.pastOrder('door')]).toMatchObject([{ stream_id: 'cam' }, undefined])
  await next.start(order('cam'))
  expect(next.pastOrder('cam')).toBeUndefined()
  await next.suspend()
})

test('a machine that cannot look at a source at present looks again, and says so', async () => {
  const find = vi.fn(async () => AWAY).mockRejectedValueOnce(new Error('spawn ENOMEM'))
  const { pulls, noted } = start({ find })
  await pulls.start(order('cam'))
  await vi.waitFor(() => expect(find).toHaveBeenCalledTimes(2), { timeout: 5000 })
  expect(noted[0]).toMatch(/^cam: The source at camera.example cannot be opened at present/)
  await vi.waitFor(() => expect(noted[1]).toBe(`cam: ${AWAY.why}`))
  await pulls.suspend()
})

test('somebody is told why a source gives nothing', async () => {
  const { pulls, noted } = start()
  await pulls.start(order('cam'))
  await vi.waitFor(() => expect(noted[0]).toBe('cam: The source at camera.example does not answer.'))
  await pulls.suspend()
})
