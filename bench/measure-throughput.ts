import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { startNginx, user } from '../nginx/start-test-nginx.ts'
import { type Fleet, run } from '../tests/system/start-test-fleet.ts'
import type { Bench } from './bench-options.ts'
import { markdownTable, showRatio } from './markdown-table.ts'
import { median } from './percentiles.ts'
import { environmentOf, useOfTree } from './process-use.ts'
import { bytesPerSecondOf } from './wrk-output.ts'

const BARE_PORT = 18081
const CONNECTIONS = 64
const ROUNDS = 7
const ROUND_SECONDS = 3
/** Two seconds of 1080p. */
const SEGMENT_BYTES = 1_100_000
/** Where a stream's segments are, of a stream that there is not. */
const SEGMENT = 'bench/s000000000000/v1080/1-1.m4s'

type Round = { bytesPerSecond: number; cpuSecondsPerGigabyte: number }

/** The same segment through the node's nginx and through a bare one, in short rounds by turns: what disturbs one disturbs both. */
export async function measureThroughput({ fleet, seconds, say }: Bench & { fleet: Fleet }): Promise<void> {
  const live = environmentOf(fleet.pid('node-1-media'), 'LIVE_DIRECTORY')
  const template = readFileSync(`${import.meta.dirname}/bare.conf`, 'utf8')
  const bare = await startNginx('bare.conf', { user, folder: live, port: BARE_PORT }, BARE_PORT, template)
  try {
    const barePid = Number(readFileSync(`${bare.folder}/bare.pid`, 'utf8'))
    const sides = [
      { url: `http://127.0.0.1:8084/${SEGMENT}`, pid: fleet.pid('node-1-nginx'), rounds: [] as Round[] },
      { url: `http://127.0.0.1:${BARE_PORT}/${SEGMENT}`, pid: barePid, rounds: [] as Round[] },
    ]
    const roundSeconds = Math.min(ROUND_SECONDS, seconds ?? ROUND_SECONDS)
    for (let at = 0; at < ROUNDS; at += 1)
      for (const side of at % 2 ? sides.toReversed() : sides) {
        writeSegment(live) // media sweeps away what belongs to no stream of its
        side.rounds.push(await playRound({ ...side, seconds: roundSeconds }))
      }
    const [ours = [], others = []] = sides.map(({ rounds }) => rounds)
    for (const line of report(ours, others, roundSeconds)) say(line)
  } finally {
    await bare.stop()
  }
}

function writeSegment(live: string) {
  const file = join(live, SEGMENT)
  if (existsSync(file)) return
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, randomBytes(SEGMENT_BYTES))
}

async function playRound({
  url,
  pid,
  seconds,
}: {
  url: string
  pid: number
  seconds: number
}): Promise<Round> {
  const before = useOfTree(pid).cpuSeconds
  const bytesPerSecond = await load(url, seconds)
  const cpu = useOfTree(pid).cpuSeconds - before
  return { bytesPerSecond, cpuSecondsPerGigabyte: cpu / ((bytesPerSecond * seconds) / 1e9) }
}

const hasWrk = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'wrk')))

async function load(url: string, seconds: number): Promise<number> {
  const [program, ...options] = hasWrk
    ? ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, url]
    : [
        process.execPath,
        `${import.meta.dirname}/drain-segments.ts`,
        url,
        String(CONNECTIONS),
        String(seconds),
      ]
  const { code, text } = await run(program ?? '', options)
  const rate = bytesPerSecondOf(text)
  if (code !== 0 || rate === undefined) throw new Error(`${url} could not be loaded: ${text}`)
  return rate
}

function report(ours: Round[], others: Round[], seconds: number): string[] {
  const rate = (rounds: Round[]) => median(rounds.map(({ bytesPerSecond }) => bytesPerSecond))
  const cost = (rounds: Round[]) => median(rounds.map(({ cpuSecondsPerGigabyte }) => cpuSecondsPerGigabyte))
  const cells = (of: (rounds: Round[]) => number, show: (value: number) => string) => [
    show(of(ours)),
    show(of(others)),
    showRatio(of(ours) / of(others)),
  ]
  const generator = hasWrk
    ? 'wrk -t1'
    : 'our own generator in Node (wrk is not installed: it is slower than nginx, so that the ratio says less)'
  return [
    ...markdownTable(
      ['segments of 1.1 MB', 'node', 'bare nginx', 'ratio', 'goal'],
      [
        ['bytes per second', ...cells(rate, (value) => `${(value / 1e6).toFixed(0)} MB`), '≥ 0.95'],
        ['processor time per GB', ...cells(cost, (value) => `${(value * 1000).toFixed(0)} ms`), ''],
      ],
    ),
    '',
    `Medians of ${ROUNDS} rounds of ${seconds} s each, by turns; ${CONNECTIONS} connections by ${generator}, on the same cores.`,
  ]
}
