import { isIP } from 'node:net'
import { StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { isThisMachine } from './judge-address.ts'

/** What a source_url means. `own` is what somebody publishes to this very node; a file lies under the ingest folder. */
export type PullSource =
  | { kind: 'file'; path: string }
  | { kind: 'own'; app: string; name: string }
  | NetworkSource
export type NetworkSource = { kind: 'network'; scheme: NetworkScheme; url: URL }

const NETWORK_SCHEMES = ['rtmp', 'rtmps', 'rtsp', 'rtsps', 'http', 'https', 'srt'] as const
export type NetworkScheme = (typeof NETWORK_SCHEMES)[number]

/** SRT takes its settings from the URL. `mode=listener` would open a port, and files are named there too. */
const SRT_SETTINGS = ['latency', 'passphrase', 'pbkeylen', 'streamid', 'timeout']
/** These words in its query are orders to ffmpeg, not to the camera. */
const RTSP_ORDERS = ['listen', 'multicast', 'udp', 'filter_src', 'http', 'https']

/** Reads a source_url, or throws the Problem that names what is wrong with it. Where its name leads is judged later. */
export function readSourceUrl(text: string, rtmpPort: number): PullSource {
  if (/^\s/.test(text)) throw refused('begins with a blank')
  const [strange] = /[\p{C}\p{Zl}\p{Zp}\\]/u.exec(text) ?? []
  if (strange) throw refused(`holds ${nameOfCharacter(strange)}, which belongs in no address`)
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return fileSource(text)
  if (scheme === 'file') return fileSource(pathOf(text))
  const known = NETWORK_SCHEMES.find((one) => one === scheme)
  if (!known) throw refused(`must begin with ${NETWORK_SCHEMES.join(', ')} or file, not with ${scheme}:`)
  return networkSource(known, text, rtmpPort)
}

/** However each of them was written. */
export function isSameSource(one: PullSource, other: PullSource): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

export const refused = (why: string) => new Problem('bad-request', `source_url ${why}.`)

/** `file:///name` is `name` under the ingest folder; there is no other host to have files. */
function pathOf(text: string): string {
  const [, path] = /^file:(?:\/\/(?:localhost)?\/+)?([^/].*)$/i.exec(text) ?? []
  if (path === undefined) throw refused('must be file:///NAME, with NAME under the ingest folder')
  try {
    return decodeURIComponent(path)
  } catch {
    throw refused('holds a % that is no escape')
  }
}

function nameOfCharacter(character: string): string {
  const shown = /^[\\:]$/.test(character) ? `${character} (` : '('
  return `the character ${shown}U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')})`
}

function fileSource(path: string): PullSource {
  const steps = path.split('/')
  const foreign = steps.some((step) => step === '' || step.startsWith('.') || step.startsWith('-'))
  const [strange] = /[:\p{C}\\]/u.exec(path) ?? []
  if (strange) throw refused(`names no file under the ingest folder: it holds ${nameOfCharacter(strange)}`)
  if (foreign)
    throw refused(
      'names no file under the ingest folder: no step of its path may be empty, or begin with a dot or a hyphen',
    )
  return { kind: 'file', path }
}

function networkSource(scheme: NetworkScheme, text: string, rtmpPort: number): PullSource {
  const [, port] = /^\w+:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/.exec(text) ?? []
  if (Number(port) > 65_535) throw refused(`names the port ${port}, and there is none above 65535`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^(?:\w[\w.-]*|\[[0-9a-f:.]+\])$/i.test(url.hostname) || /\s/.test(text))
    throw refused(`must look like ${scheme}://HOST${scheme === 'srt' ? ':PORT' : '/PATH'}`)
  if (/^(?:rtsp|srt)/.test(scheme) && url.search.includes('?', 1)) throw refused('must not hold a second ?') // ffmpeg takes its orders from behind the last one
  if (scheme === 'srt') judgeSrt(url)
  if (scheme.startsWith('rtsp') && [...url.searchParams.keys()].some((key) => RTSP_ORDERS.includes(key)))
    throw refused(`must not hold the words ${RTSP_ORDERS.join(', ')} in its query`)
  const own = scheme === 'rtmp' ? ownSource(url, rtmpPort) : undefined
  return own ?? { kind: 'network', scheme, url }
}

function judgeSrt({ port, searchParams }: URL) {
  if (!port) throw refused('must name the port: srt://HOST:PORT')
  if (searchParams.getAll('mode').some((mode) => mode !== 'caller'))
    throw refused('must have the SRT mode caller')
  const unknown = [...searchParams.keys()].find((key) => key !== 'mode' && !SRT_SETTINGS.includes(key))
  if (unknown) throw refused(`may hold these SRT settings: ${SRT_SETTINGS.join(', ')}, mode=caller`)
}

/** This node's own nginx-rtmp: the one service of the machine that may be named by loopback. */
function ownSource({ hostname, port, pathname }: URL, rtmpPort: number): PullSource | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (host !== 'localhost' && !(isIP(host) && isThisMachine(host))) return undefined
  const [, app, name] = /^\/(live|stream)\/([^/]+)$/.exec(pathname) ?? []
  const isOurs = ['', '1935', String(rtmpPort)].includes(port) && StreamName.safeParse(name).success
  if (!isOurs || !app || !name)
    throw refused('may name this machine only as rtmp://localhost/live/NAME or rtmp://localhost/stream/NAME')
  return { kind: 'own', app, name }
}
