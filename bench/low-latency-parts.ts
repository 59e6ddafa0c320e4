export type ListedPart = { uri: string; number: number; part: number }

/** The parts that a low-latency playlist lists, the newest last. */
export function listedParts(playlist: string): ListedPart[] {
  return [...playlist.matchAll(/^#EXT-X-PART:.*URI="([^"]*-(\d+)\.(\d+)\.m4s)"/gm)].map(
    ([, uri = '', number, part]) => ({ uri, number: Number(number), part: Number(part) }),
  )
}

/** Those after `seen`; the newest alone for somebody who has seen none, or none of these. */
export function partsAfter(seen: ListedPart | undefined, listed: ListedPart[]): ListedPart[] {
  const at = listed.findIndex(({ uri }) => uri === seen?.uri)
  return at < 0 ? listed.slice(-1) : listed.slice(at + 1)
}

/** How a player asks to wait for the part after `seen`, as hls.js does. */
export const waitFor = ({ number, part }: ListedPart): string =>
  `_HLS_msn=${number}&_HLS_part=${part + 1}&_HLS_skip=YES`

/** The media playlist of the first video track that a multivariant playlist names. */
export function firstVariant(playlist: string): string | undefined {
  return playlist.split('\n').find((line) => line && !line.startsWith('#'))
}
