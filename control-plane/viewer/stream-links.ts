import type { StreamView } from '../streams/stream-view.ts'
import { viewerHost } from '../streams/viewer-host.ts'
import type { Texts } from './texts/viewer-texts.ts'

/** How a page was asked for: what addresses in it must be good for. */
export type SeenFrom = {
  /** The host the request was sent to, without port. */
  requestHost: string
  relayPort: number
  now: Date
  texts: Texts
}

/** Where this viewer finds a stream's playlist and its picture; absent while no node has it. */
export function linksOf(stream: StreamView, seenFrom: SeenFrom) {
  if (!stream.host) return undefined
  const folder = `http://${viewerHost({ ...seenFrom, host: stream.host })}/${stream.name}`
  return { playlist: `${folder}/${stream.manifest ?? 'index.m3u8'}`, thumbnail: `${folder}/thumbnail.jpg` }
}
