import type { StreamView } from '../streams/stream-view.ts'
import { viewerHost } from '../streams/viewer-host.ts'
import type { Texts } from './texts/viewer-texts.ts'

/** How a page was asked for: what addresses in it must be good for. */
export type SeenFrom = {
  /** The host the request was sent to, without port. */
  requestHost: string
  relayPort: number
  /** Where whoever is sent a link finds this control plane. */
  publicUrl: string
  now: Date
  texts: Texts
}

/** Where this viewer finds a stream's playlist and its picture; absent while no node has it. */
export function linksOf(stream: StreamView, seenFrom: SeenFrom) {
  if (!stream.host) return undefined
  const folder = `http://${viewerHost({ ...seenFrom, host: stream.host })}/${stream.name}`
  return { playlist: `${folder}/${stream.manifest ?? 'index.m3u8'}`, thumbnail: `${folder}/thumbnail.jpg` }
}

export const posterUrl = ({ name, poster }: Pick<StreamView, 'name' | 'poster'>) =>
  poster && `/poster/${name}/${poster}`

/** The picture in the place of one that moves: while live the latest, otherwise the poster if it was given one. */
export function stillOf(stream: StreamView, seenFrom: SeenFrom): string | undefined {
  const latest = linksOf(stream, seenFrom)?.thumbnail
  return stream.state === 'live' ? (latest ?? posterUrl(stream)) : (posterUrl(stream) ?? latest)
}
