import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LiveTracks } from '../packager/live-playlists.ts'
import { waitFor } from './wait-for.ts'

type Growing = {
  live: LiveTracks
  /** The session's own. */
  folder: string
  track: string
  /** `RUN-NUMBER.m4s`, a segment, or `RUN-NUMBER.PART.m4s`, a part of one. */
  file: string
  longestMs: number
}

/**
 * Media that is not a file yet: of a part that comes next (players ask for what the playlist hints at) its bytes once it is there;
 * of a segment its parts as they come. Nothing if nobody expects it.
 */
export async function growingMedia(
  wanted: Growing,
): Promise<AsyncIterable<Uint8Array> | Uint8Array[] | undefined> {
  const { live, folder, track, file, longestMs } = wanted
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
    (place()?.closed ?? -1) >= number ||
    (growing()?.parts.some((part) => part.uri === uri || uri === segment) ?? false)
  await waitFor({ more: live.more, there, longestMs })
  if (uri === segment && growing()) return partsAsTheyCome(live, folder, growing, segment)
  const bytes = await readFile(join(folder, uri)).catch(() => undefined)
  return bytes && [bytes]
}

/** Once the segment is whole, what is still to be sent of it is read from its own file: its parts may go any moment. */
async function* partsAsTheyCome(
  live: LiveTracks,
  folder: string,
  growing: () => { parts: { uri: string }[] } | undefined,
  segment: string,
): AsyncGenerator<Uint8Array> {
  let sentBytes = 0
  for (let sent = 0; ; ) {
    const more = live.more()
    const parts = growing()?.parts
    if (!parts) {
      const rest = (await readFile(join(folder, segment))).subarray(sentBytes)
      if (rest.length) yield rest
      return
    }
    for (const { uri } of parts.slice(sent)) {
      const bytes = await readFile(join(folder, uri))
      sent += 1
      sentBytes += bytes.length
      yield bytes
    }
    await more
  }
}
