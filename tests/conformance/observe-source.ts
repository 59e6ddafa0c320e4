import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sleep } from '../../shared/runtime/repeat.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { followStream } from './follow-stream.ts'

const run = promisify(execFile)

export type Seen = Awaited<ReturnType<typeof observeSource>>

/** What viewers get of a stream for so many seconds from when it is there: what is against the rules, and how it decodes. */
export async function observeSource(index: string, seconds: number) {
  await eventually(() => expectStatus(index, 200), 60_000)
  const over = new AbortController()
  const following = followStream(index, over.signal)
  await sleep(seconds * 1000, over.signal)
  over.abort()
  const { faults, tracks } = await following
  const all = [...tracks.values()]
  return {
    faults: [...faults],
    tracks: [...tracks.keys()],
    ended: all.some(({ last }) => last?.ended),
    /** By the track that has the fewest. */
    segments: Math.min(...all.map(({ segments }) => segments.size)),
    runs: new Set(all.flatMap(({ segments }) => [...segments.values()].map((each) => each.discontinuity)))
      .size,
    apartSeconds: Math.max(...apart(tracks)),
    ...(await decode(index)),
  }
}

/** How far sound and picture of each segment begin from each other. */
function apart(tracks: Awaited<ReturnType<typeof followStream>>['tracks']): number[] {
  const [sound, ...pictures] = [tracks.get('audio'), ...tracks.values()]
  return pictures.flatMap(({ segments }) =>
    [...segments].map(([number, { tfdt }]) => Math.abs(tfdt - (sound?.segments.get(number)?.tfdt ?? tfdt))),
  )
}

/** By ffmpeg, two seconds from the oldest segment on. It says of each new run that there is a second header. */
async function decode(index: string) {
  const { stdout, stderr } = await run('ffmpeg', [
    ...['-v', 'warning', '-nostdin', '-live_start_index', '0', '-i', index, '-t', '2'],
    ...['-map', '0:v:0', '-map', '0:a:0', '-fps_mode', 'passthrough', '-f', 'null', '-'],
    ...['-progress', 'pipe:1'],
  ])
  const frames = stdout.match(/(?<=frame=\s*)\d+/g)?.at(-1)
  const complaints = stderr.split('\n').filter((line) => line && !line.includes('duplicated MOOV Atom'))
  return { frames: Number(frames), complaints }
}
