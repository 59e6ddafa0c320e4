import { createHash } from 'node:crypto'
import { takeBoxes } from '../packager/mp4-boxes.ts'
import { type AskOrigin, type OriginAnswer, OriginAway } from './ask-origin.ts'
import type { CopiedFiles } from './copied-files.ts'
import { filesIn, isOfParts } from './copied-playlist.ts'
import { NoPlaylist, type OriginPlaylist } from './origin-playlist.ts'

type Wanted = {
  playlist: OriginPlaylist
  /** Below this number nothing is wanted; it rises where there is no room. */
  from: () => number
  /** Where the origin has the session. */
  path: string
  origin: Pick<AskOrigin, 'get'>
  files: CopiedFiles
  isOver: () => boolean
}
/** `quickestMs`: how soon an answer began; about a round trip. Zero where nothing was fetched. */
export type Fetched = { parts: number; bytes: number; quickestMs: number }

/** What the origin has listed is there no more: its playlist has gone on meanwhile. */
export class GoneMeanwhile extends Error {}

const MOST_BYTES = { init: 256 << 10, part: 16 << 20, segment: 64 << 20 }
const AT_ONCE = 4

/**
 * Fetches what a playlist lists and is not there yet. A segment that was fetched part by part is put together from them: it is
 * their bytes, one after the other.
 */
export async function fetchMissing(wanted: Wanted): Promise<Fetched> {
  const { playlist, from, files, isOver } = wanted
  const missing = filesIn(playlist, from()).filter((uri) => !files.has(uri))
  const shown = playlist.segments.filter(({ number }) => number >= from())
  const joined = shown.filter((segment) => isOfParts(segment) && missing.includes(segment.uri))
  const whole = new Set(joined.map(({ uri }) => uri))
  const queue = missing.filter((uri) => !whole.has(uri))
  const sum: Fetched = { parts: 0, bytes: 0, quickestMs: 0 }

  async function work() {
    for (let uri = queue.shift(); uri && !isOver(); uri = queue.shift()) {
      if (numberOf(uri) < from()) continue
      const { body, firstMs } = await fetchFile(uri, wanted)
      if (isOver()) return
      files.write(uri, [body])
      sum.bytes += body.length
      sum.quickestMs = sum.quickestMs ? Math.min(sum.quickestMs, firstMs) : firstMs
      if (kindOf(uri) === 'part') sum.parts += 1
    }
  }

  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, work))
  if (isOver()) return sum
  for (const { uri, number, parts } of joined)
    if (number >= from())
      files.write(
        uri,
        parts.map((part) => files.read(part.uri)),
      )
  return sum
}

async function fetchFile(uri: string, { origin, path }: Wanted): Promise<OriginAnswer> {
  const answer = await origin.get(`${path}/${uri}`, { mostBytes: MOST_BYTES[kindOf(uri)] })
  const { status, body } = answer
  if (status === 404) throw new GoneMeanwhile(`${uri} is there no more`)
  if (status !== 200) throw new OriginAway(`it answered ${status}`)
  if (!isMedia(uri, body)) throw new NoPlaylist('what it lists is no media')
  return answer
}

/** Of the segment that a file is of; init files are of all. */
export function numberOf(uri: string): number {
  return Number(/-(\d+)(?:\.\d+)?\.m4s$/.exec(uri)?.[1] ?? Number.POSITIVE_INFINITY)
}

function kindOf(uri: string): keyof typeof MOST_BYTES {
  if (uri.endsWith('.mp4')) return 'init'
  return /\.\d+\.m4s$/.test(uri) ? 'part' : 'segment'
}

const EXPECTED = { init: /^(?:ftyp)?moov$/, part: /^(?:moofmdat)+$/, segment: /^(?:moofmdat)+$/ }

/** Whole boxes of the kind, nothing after them; and of an init file the bytes that gave it its name. */
function isMedia(uri: string, bytes: Buffer): boolean {
  const { boxes, rest } = boxesIn(bytes)
  const [, hash] = /\/init-([0-9a-f]{16})\.mp4$/.exec(uri) ?? []
  if (hash && createHash('sha256').update(bytes).digest('hex').slice(0, 16) !== hash) return false
  return rest === 0 && EXPECTED[kindOf(uri)].test(boxes)
}

function boxesIn(bytes: Buffer): { boxes: string; rest: number } {
  try {
    const { boxes, rest } = takeBoxes(bytes)
    return { boxes: boxes.map(({ type }) => type).join(''), rest: rest.length }
  } catch {
    return { boxes: '', rest: bytes.length } // a box that claims more than there can be
  }
}
