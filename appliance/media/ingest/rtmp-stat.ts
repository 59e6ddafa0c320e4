import { StreamName } from '@sixcast/shared/contract/names.ts'

/** A stream that somebody publishes, as nginx-rtmp's /stat tells it. */
export type Publisher = {
  app: string
  name: string
  /** Number of the publisher's connection; the callbacks call it clientid. */
  clientId: string
  bytesIn: number
  video: PublishedVideo | undefined
  /** Whether sound comes, or may still come. */
  audio: boolean
}

export type PublishedVideo = {
  width: number
  height: number
  frameRate: number
  codec?: string | undefined
  /** Its size may be told wrong. */
  isDoubtful: boolean
}

/** nginx-rtmp measures rates over whole 10 s, each track from its own first packet. */
const MEASURED_AFTER_MS = 25_000

/** Reads nginx-rtmp's XML, which it writes itself and always in this order. Names outside our alphabet are nobody's streams. */
export function readRtmpStat(xml: string): Publisher[] {
  return elements(xml, 'application').flatMap((application) =>
    elements(application, 'stream').flatMap((stream) => publisherOf(text(application, 'name'), stream)),
  )
}

function publisherOf(app: string | undefined, stream: string): Publisher[] {
  const name = StreamName.safeParse(text(stream, 'name'))
  const client = elements(stream, 'client').find((one) => one.includes('<publishing/>'))
  const clientId = client && text(client, 'id')
  if (!app || !name.success || !clientId) return []
  const [meta = ''] = elements(stream, 'meta')
  return [
    {
      app,
      name: name.data,
      clientId,
      bytesIn: number(stream, 'bytes_in'),
      video: videoOf(meta),
      audio: /<audio><codec>/.test(meta) && !isSoundless(stream, client),
    },
  ]
}

/** What a publisher has announced stays listed when it does not come (any more); without its picture nobody can tell. */
function isSoundless(stream: string, client: string): boolean {
  const measured = number(client, 'time') >= MEASURED_AFTER_MS && number(stream, 'bw_video') > 0
  return measured && number(stream, 'bw_audio') === 0
}

function videoOf(meta: string): Publisher['video'] {
  const [video = ''] = elements(meta, 'video')
  const size = { width: number(video, 'width'), height: number(video, 'height') }
  if (!size.width || !size.height) return undefined
  const codec = text(video, 'codec')
  const isDoubtful = codec === 'H264' && !PLAIN.has(text(video, 'profile') ?? '')
  return { ...size, frameRate: number(video, 'frame_rate'), codec, isDoubtful }
}

/** Of all others nginx-rtmp says no profile, and takes them for 4:2:0 too: what is cut off at their edges it takes for twice as much. */
const PLAIN = new Set(['Baseline', 'Main', 'High'])

function elements(xml: string, tag: string): string[] {
  return [...xml.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, inside = '']) => inside)
}

function text(xml: string, tag: string): string | undefined {
  return elements(xml, tag)[0]
}

function number(xml: string, tag: string): number {
  return Number(text(xml, tag) ?? 0) || 0
}
