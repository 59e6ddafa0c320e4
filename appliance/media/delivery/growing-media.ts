import { join } from 'node:path'
import type { LiveTracks } from '../packager/live-playlists.ts'
import type { ReadShared } from './shared-files.ts'
import { waitFor } from './wait-for.ts'

type Growing = {
  live: LiveTracks
  /** The session's own. */
  folder: string
  track: string
  /** `RUN-NUMBER.m4s`, a segment, or `RUN-NUMBER.PART.m4s`, a part of one. */
  file: string
  read: ReadShared
  longestMs: number
}

/**
 * Media that is not a file yet: of a part that comes next (players ask for what the playlist hints at) its bytes once it is there;
 * of a segment its parts as they come. Nothing if nobody expects it.
 */
export async function growingMedia(
  wanted: Growing,
): Promise<AsyncIterable<Uint8Array> | Uint8Array[] | undefined> {
  const { live, folder, track, file, read, longestMs } = wanted
  const uri = `${track}/${file}`
  const segment = uri.replace(/\.\d+\.m4s$/, '.m4s')
  const number = Number(/-(\d+)/.exec(file)?.[1])
  const place = () => live.track(track)?.place
  if (!(number <= (place()?.closed ?? -1) + 2)) return undefined

  const growing = () => {
    const found = live.track(track)?.growing
    return found?.uri === segment ? found : undefined
  }
  const there = () =>
    live.ended() ||
    (place()?.closed ?? -1) >= number ||
    (growing()?.parts.some((part) => part.uri === uri || uri === segment) ?? false)
  await waitFor({ more: live.more, there, longestMs })
  const readOwn = (name: string) => read(join(folder, name))
  if (uri === segment && growing()) return partsAsTheyCome({ live, read: readOwn, growing, segment })
  const bytes = await readOwn(uri).catch(() => undefined)
  return bytes && [bytes]
}

type Sent = {
  live: LiveTracks
  read: ReadShared
  growing: () => { parts: { uri: string }[] } | undefined
  segment: string
}

/** A slow reader may take longer than parts exist: once the segment is whole, what is still to be sent of it comes from its own file. */
async function* partsAsTheyCome({ live, read, growing, segment }: Sent): AsyncGenerator<Uint8Array> {
  let sentBytes = 0
  for (let sent = 0; ; ) {
    const parts = growing()?.parts
    if (!parts) break
    const next = parts[sent]
    if (next) {
      const bytes = await read(next.uri)
      sent += 1
      sentBytes += bytes.length
      yield bytes
    } else await live.more()
  }
  const rest = (await read(segment)).subarray(sentBytes)
  if (rest.length) yield rest
}
