import { setTimeout as pause } from 'node:timers/promises'
import { eventually, expectStatus } from '../tests/system/eventually.ts'
import { publish, smallCommand } from '../tests/system/start-test-encoder.ts'
import { type Fleet, startFleet } from '../tests/system/start-test-fleet.ts'
import { type ProcessUse, useOfGroup } from './process-use.ts'

const RUNS = 5
const IDLE_SECONDS = 30

/** What a user waits for, and what the fleet takes while nothing happens. */
export async function measureIdleFleet(say: (line: string) => void): Promise<void> {
  const cold: number[] = []
  const warm: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const first = await startAndPlay()
    cold.push(first.seconds)
    await first.fleet.stop()
    const second = await startAndPlay(first.fleet.state)
    warm.push(second.seconds)
    await second.fleet.remove()
  }
  say('| measured | median | all runs | goal |')
  say('|---|---|---|---|')
  say(row('cold start to playable demo', cold, '≤ 15 s'))
  say(row('warm start to playable demo', warm, '≤ 5 s'))

  const fleet = await startFleet(['--no-demo'])
  say(row('publish to first playable segment (key frame each 1 s)', await publishings(), '≤ 6 s'))
  say('')
  await sayIdleUse(fleet, say)
  await fleet.remove()
}

async function startAndPlay(state?: string) {
  const startedAt = Date.now()
  const starting = startFleet([], state ? { state } : {})
  await eventually(() => playable('http://127.0.0.1:8080/demo/index.m3u8'), 60_000)
  const seconds = (Date.now() - startedAt) / 1000
  return { seconds, fleet: await starting }
}

async function publishings(): Promise<number[]> {
  const seconds: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const startedAt = Date.now()
    const encoder = publish('rtmp://127.0.0.1:1935/stream/golive', smallCommand)
    await eventually(() => playable('http://127.0.0.1:8080/golive/index.m3u8'))
    seconds.push((Date.now() - startedAt) / 1000)
    await encoder.stop()
    // The relay remembers for two seconds; nothing of this run may answer for the next.
    await eventually(() => expectStatus('http://127.0.0.1:9090/streams/golive', 404))
    await eventually(() => expectStatus('http://127.0.0.1:8080/golive/index.m3u8', 404))
  }
  return seconds
}

/** Every rendition's newest segment can be fetched. */
async function playable(url: string): Promise<void> {
  const uris = (text: string) => text.split('\n').filter((line) => line && !line.startsWith('#'))
  const variants = uris(await (await expectStatus(url, 200)).text())
  for (const variant of variants) {
    const media = new URL(variant, url).href
    const segment = uris(await (await expectStatus(media, 200)).text()).at(-1)
    if (!segment) throw new Error(`${media} has no segment yet`)
    await expectStatus(new URL(segment, media).href, 200)
  }
}

async function sayIdleUse(fleet: Fleet, say: (line: string) => void) {
  const units = fleet.units()
  const before = new Map(units.map((unit) => [unit, useOfGroup(fleet.pid(unit))]))
  await pause(IDLE_SECONDS * 1000)
  say(`| idle for ${IDLE_SECONDS} s, one node, no stream | CPU of one core | memory (PSS) |`)
  say('|---|---|---|')
  const total = { cpu: 0, mega: 0 }
  for (const unit of units) {
    const after = useOfGroup(fleet.pid(unit))
    const cpu = (100 * (after.cpuSeconds - (before.get(unit) ?? after).cpuSeconds)) / IDLE_SECONDS
    total.cpu += cpu
    total.mega += megabytes(after)
    say(`| ${unit} | ${cpu.toFixed(1)} % | ${megabytes(after).toFixed(0)} MB |`)
  }
  say(`| together | ${total.cpu.toFixed(1)} % | ${total.mega.toFixed(0)} MB |`)
}

const megabytes = ({ memoryBytes }: ProcessUse) => memoryBytes / 1e6

function row(what: string, seconds: number[], goal: string): string {
  const sorted = seconds.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return `| ${what} | ${median.toFixed(1)} s | ${sorted.map((each) => each.toFixed(1)).join(' · ')} | ${goal} |`
}
