import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { parseProcessStat } from '@sixcast/shared/runtime/process-stat.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { readTrack } from '../packager/track-reader.ts'
import { FIRST_PIPE } from './ffmpeg-arguments.ts'
import { keepLastLines } from './last-lines.ts'

export type Trial = {
  frames: number
  /** Whether key frames came where none was asked for, or none where it was. */
  strayKeys: boolean
  /** What the frames after the first second took. */
  cpuMs: number
  wallMs: number
  /** The last words of what failed. */
  said: string | undefined
}

const PIPES = 4 // two rungs, thumbnails, progress
const KERNEL_TICK_MS = 10
/** The first second is set-up; by fewer than this nothing can be told. */
export const FEWEST_SECONDS = 2
/** On a busy machine a trial waits for whatever else runs: so much longer it is given to show enough. */
const BUSY_TIMES = 3

/**
 * Lets an encoder run to its end, or for `longestMs` if it has shown enough by then, and watches the frames of its best rung, key
 * frames a second apart.
 */
export async function tryEncoder(command: string[], frameRate: number, longestMs: number): Promise<Trial> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'nice', '-n', '19', ...command], {
    stdio: ['ignore', 'ignore', 'pipe', ...Array<'pipe'>(PIPES).fill('pipe')],
  })
  const lines = keepLastLines()
  const keys: number[] = []
  let frames = 0
  let warm: Spent | undefined
  let last: Spent | undefined
  const best = readTrack(({ key }) => {
    if (key) keys.push(frames)
    frames++
    last = spentBy(child.pid ?? 0) ?? last
    if (frames === frameRate) warm = last
  })
  child.stderr?.on('data', lines.read)
  child.stdio.slice(FIRST_PIPE).forEach((pipe, at) => {
    pipe?.on('data', (chunk: Buffer) => (at === 0 ? best.read(chunk) : undefined))
  })

  const over = new AbortController()
  const closed = once(child, 'close').finally(() => over.abort())
  await Promise.race([closed, sleep(longestMs, over.signal)])
  if (frames < FEWEST_SECONDS * frameRate)
    await Promise.race([closed, sleep(BUSY_TIMES * longestMs, over.signal)])
  child.kill('SIGKILL')
  await closed
  return {
    frames,
    strayKeys: areStray(keys, frames, frameRate),
    cpuMs: (last?.cpuMs ?? 0) - (warm?.cpuMs ?? 0),
    wallMs: (last?.wallMs ?? 0) - (warm?.wallMs ?? 0),
    said: lastWords(lines.lines()),
  }
}

const TROUBLE = /error|fail|cannot|could not|unknown|no /i

/** The first line of trouble says more than those that follow from it; without the address of who says it. */
function lastWords(lines: string[]): string | undefined {
  const line = lines.find((each) => TROUBLE.test(each)) ?? lines.at(-1)
  return line?.replace(/^\[.*? @ \w+\] /, '').replace(/\.$/, '')
}

/** The first frame is a key frame; the second comes when its segment is over, and from then on they are a second apart. */
function areStray([first, ...others]: number[], frames: number, frameRate: number): boolean {
  const begin = others[0] ?? Number.POSITIVE_INFINITY
  const expected = Math.ceil((frames - begin) / frameRate)
  return (
    first !== 0 ||
    begin > frameRate ||
    others.length !== expected ||
    others.some((at, n) => at !== begin + n * frameRate)
  )
}

type Spent = { cpuMs: number; wallMs: number }

function spentBy(pid: number): Spent | undefined {
  try {
    const stat = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
    return stat && { cpuMs: stat.ticks * KERNEL_TICK_MS, wallMs: performance.now() }
  } catch {
    return undefined // it has ended; its last frames are read after it
  }
}
