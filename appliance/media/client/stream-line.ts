import type { StreamView } from '../streams/stream-view.ts'

/** How a stream is, in one line for people. */
export function streamLine(view: StreamView, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(view.since)) / 1000))
  const words = [
    `${view.stream_id}: ${view.state} for ${seconds} s`,
    sourceWords(view.source),
    view.renditions.map(renditionWords).join(', '),
    view.viewers === null ? '' : `${view.viewers} ${view.viewers === 1 ? 'viewer' : 'viewers'}`,
    view.latency_ms === null ? '' : `${(view.latency_ms / 1000).toFixed(1)} s later than at its quickest`,
    problemWords(view),
  ]
  return words.filter(Boolean).join(' · ').replaceAll(/\p{C}/gu, ' ') // nothing in it moves the cursor
}

/** Of a stream that is live it may be long over. */
function problemWords({ state, problems }: StreamView): string {
  const last = problems.at(-1)
  return last && state === 'live' ? `${last.at.slice(11, 16)} UTC: ${last.what}` : (last?.what ?? '')
}

function sourceWords(source: StreamView['source']): string {
  if (!source) return ''
  return `${source.width}×${source.height} at ${source.frames_per_second}/s ${source.audio ? 'with sound' : 'silent'}`
}

function renditionWords({ id, bits_per_second, speed }: StreamView['renditions'][number]): string {
  const slow = speed !== null && speed < 0.98 ? ` (at ${speed.toFixed(2)} of real time)` : ''
  return `${id.replace(/^v/, '')}p ${(bits_per_second / 1e6).toFixed(2)} Mbit/s${slow}`
}
