import { ReportedAudio, ReportedRendition } from '@sixcast/shared/contract/stream-report.ts'
import * as z from 'zod'

/** What a stream consists of, best rendition first. */
export type Tracks = { renditions: ReportedRendition[]; audio?: ReportedAudio }

/** A node chose these words, and they are about to stand in a playlist: nothing in them may end a line or a quotation. */
const TrackId = z.string().regex(/^[a-z0-9-]{1,50}$/)
const Codecs = z.string().regex(/^[A-Za-z0-9.,-]{1,100}$/)
const Rendition = ReportedRendition.extend({ id: TrackId, codecs: Codecs })
const Audio = ReportedAudio.extend({ id: TrackId, codecs: Codecs })

const Stored = z.object({ renditions: z.array(z.unknown()), audio: Audio.optional().catch(undefined) })
/** As rows of older releases have it. */
const StoredAlone = z.array(z.unknown()).transform((renditions) => ({ renditions, audio: undefined }))

/** Reads the column `renditions`. What could not be played is left out. */
export function readTracks(text: string): Tracks {
  const { renditions: all, audio: told } = z.union([Stored, StoredAlone]).parse(JSON.parse(text))
  const renditions = all.flatMap((each) => Rendition.safeParse(each).data ?? [])
  const audio = told ?? untoldAudio(renditions)
  return { renditions, ...(audio && { audio }) }
}

/** Older nodes do not tell of their audio, which they all make alike. */
function untoldAudio(renditions: ReportedRendition[]): ReportedAudio | undefined {
  const codecs = renditions[0]?.codecs.split(',').find((codec) => codec.startsWith('mp4a'))
  return codecs === undefined ? undefined : { id: 'audio', codecs, channels: 2 }
}
