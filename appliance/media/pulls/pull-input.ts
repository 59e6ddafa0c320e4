import type { NetworkScheme } from './source-url.ts'
import { withTlsNames } from './tls-names.ts'

/** How ffmpeg and ffprobe are told of a source: their arguments up to the input, and what they read from stdin. */
export type PullInput = { args: string[]; stdin?: string }

/** A file of the ingest folder, read as fast as it plays. */
export function fileInput(path: string): PullInput {
  const only = ['-protocol_whitelist', 'file', '-format_whitelist', FILE_FORMATS]
  return { args: ['-re', ...only, '-i', `file:${path}`] }
}

/** What is published to this node. */
export function ownInput(url: string): PullInput {
  return { args: ['-rtmp_live', 'live', '-i', url] }
}

/** Where a source is to be opened: at the port of its URL, if there is none, and by that door rather than by that of the environment. */
type Spot = { address: string; port?: number; door?: string | undefined }

/**
 * A source on the network, at the address that was checked. Its URL goes in by stdin, as a list of one source: arguments are
 * shown to everybody on the machine. HTTP and RTMP inside TLS keep their name: pull-door.ts checks where they lead. HTTPS is
 * asked for in the clear (tls-names.ts), RTSP at its door (rtsp-door.ts): these doors speak TLS themselves.
 */
export function networkInput(scheme: NetworkScheme, url: URL, spot: Spot): PullInput {
  const { protocols, formats, pinned, options } = NETWORKS[scheme]
  const settings = {
    ...options,
    ...(pinned ? ownNameFor(scheme, url) : doorFor(spot)),
    protocol_whitelist: protocols,
    format_whitelist: formats,
    analyzeduration: '3000000',
    probesize: '2000000',
  }
  const lines = [
    'ffconcat version 1.0',
    `file '${written(scheme, url, pinned ? spot : undefined)}'`,
    ...Object.entries(settings).map(([name, value]) => `option ${name} ${value}`),
  ]
  // A film by HTTP would come as fast as the line is, and a list tells how long it is with its packets alone.
  const paced = scheme.startsWith('http') ? ['-re', '-segment_time_metadata', '1'] : []
  const outer = ['-protocol_whitelist', `pipe,${protocols}`, '-f', 'concat', '-safe', '0', '-i', 'pipe:0']
  return { args: [...paced, ...outer], stdin: `${lines.join('\n')}\n` }
}

const FILE_FORMATS = [
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,flv,avi,ogg,asf,mxf',
  'mp3,aac,wav,flac,h264,hevc,m4v,obu,ivf',
].join()
/** With playlists, but no list of files and no SDP: these name what they like. */
const HTTP_FORMATS = `hls,dash,live_flv,mpjpeg,mjpeg,${FILE_FORMATS}`
/** ffmpeg's HLS and DASH open all that begins with `http`: with `httpproxy`, which `tls` needs, they could be led past the door. */
const HTTP_PROTOCOLS = 'http,tcp,crypto'
const SILENT_MICROSECONDS = '8000000'

type Network = { protocols: string; formats: string; pinned: boolean; options: Record<string, string> }

const [RTMP_OPTIONS, RTSP_OPTIONS, HTTP_OPTIONS] = [
  { rtmp_live: 'live', rw_timeout: SILENT_MICROSECONDS },
  { rtsp_transport: 'tcp', timeout: SILENT_MICROSECONDS },
  { rw_timeout: SILENT_MICROSECONDS, max_redirects: '3', live_start_index: '-1' },
]
const RTMP_FORMATS = 'flv,live_flv'

const NETWORKS: Record<NetworkScheme, Network> = {
  rtmp: { protocols: 'rtmp,tcp', formats: RTMP_FORMATS, pinned: true, options: RTMP_OPTIONS },
  rtmps: {
    protocols: 'rtmps,httpproxy,tls,tcp',
    formats: RTMP_FORMATS,
    pinned: false,
    options: RTMP_OPTIONS,
  },
  rtsp: { protocols: 'rtsp,tcp', formats: 'rtsp', pinned: true, options: RTSP_OPTIONS },
  rtsps: { protocols: 'rtsp,tcp', formats: 'rtsp', pinned: true, options: RTSP_OPTIONS },
  http: { protocols: HTTP_PROTOCOLS, formats: HTTP_FORMATS, pinned: false, options: HTTP_OPTIONS },
  https: { protocols: HTTP_PROTOCOLS, formats: HTTP_FORMATS, pinned: false, options: HTTP_OPTIONS },
  srt: {
    protocols: 'srt',
    formats: 'mpegts',
    pinned: true,
    options: { mode: 'caller', connect_timeout: '5000', timeout: SILENT_MICROSECONDS },
  },
}

/** A list's quotes end at a quote. */
function written(scheme: NetworkScheme, url: URL, spot: Spot | undefined): string {
  const secret = url.password ? `:${url.password}` : ''
  const user = url.username || secret ? `${url.username}${secret}@` : ''
  const host = spot ? bracketed(spot.address) : url.hostname
  const opened = spot?.port ?? url.port
  const port = opened ? `:${opened}` : ''
  const spoken = scheme === 'rtsps' ? 'rtsp' : scheme
  const whole = `${spoken}://${user}${host}${port}${url.pathname}${url.search}`.replaceAll("'", '%27')
  return withTlsNames(whole)
}

/** An RTMP server may have several names, and wants to hear which one is meant. */
function ownNameFor(scheme: NetworkScheme, { host, pathname }: URL): Record<string, string> {
  const [, app] = /^\/([\w.-]+)\/[^/]+$/.exec(pathname) ?? []
  return scheme === 'rtmp' && app ? { rtmp_tcurl: `rtmp://${host}/${app}` } : {}
}

/** ffmpeg hands it on to whatever a playlist names. */
function doorFor({ door }: Spot): Record<string, string> {
  return door === undefined ? {} : { http_proxy: door }
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address)
