/** The playlist of a stream's least costly track, as its multivariant playlist names it: the sound alone, else the smallest rendition. */
export function cheapestTrack(multivariant: string): string | undefined {
  const lines = linesOf(multivariant)
  const sound = lines.find((line) => /^#EXT-X-MEDIA:.*TYPE=AUDIO/.test(line) && line.includes('URI="'))
  if (sound) return /URI="([^"]+)"/.exec(sound)?.[1]
  const variants = lines.flatMap((line, index) => {
    const bandwidth = /^#EXT-X-STREAM-INF:(?:.*,)?BANDWIDTH=(\d+)/.exec(line)?.[1]
    const uri = lines[index + 1]
    return bandwidth && uri && !uri.startsWith('#') ? [{ bandwidth: Number(bandwidth), uri }] : []
  })
  return variants.toSorted((one, other) => one.bandwidth - other.bandwidth)[0]?.uri
}

/** The last whole segment of a media playlist. */
export const newestSegment = (playlist: string): string | undefined =>
  linesOf(playlist).findLast((line) => !line.startsWith('#'))

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
