import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Source } from '../ladder/ladder-plan.ts'
import { type CheckedAddress, checkedAddress } from './checked-address.ts'
import { type Film, probePull } from './probe-pull.ts'
import { fileInput, networkInput, ownInput, type PullInput } from './pull-input.ts'
import { openRtspDoor } from './rtsp-door.ts'
import { type NetworkScheme, type NetworkSource, type PullSource, refused } from './source-url.ts'

type Places = {
  ingestDirectory: string
  /** This node's nginx-rtmp, without an application. */
  rtmpServer: string
  /** Which of its applications somebody publishes a stream to, if anybody does. */
  publishedTo: (name: string) => string | undefined
  /** The door to sources of the house; all others go through that of the Internet, by the environment of ffmpeg. */
  houseDoor: string
  check?: (hostname: string) => Promise<CheckedAddress>
}

/** What a source is to be opened with, and what it sends. */
export type FoundSource = { input: PullInput; source: Source; film?: Film | undefined }

/** Where sources lead: looked at when one is asked for, and again each time before it is opened. */
export function findSources({
  ingestDirectory,
  rtmpServer,
  publishedTo,
  houseDoor,
  check = checkedAddress,
}: Places) {
  /** Throws the Problem that says why this is never opened. A camera that is merely switched off passes. */
  async function judge(source: PullSource): Promise<void> {
    if (source.kind === 'file' && !(await fileAt(source.path)))
      throw refused(`names no file of the ingest folder (${ingestDirectory})`)
    if (source.kind !== 'network') return
    const found = await check(source.url.hostname)
    if ('refused' in found) throw refused(`leads to an address that is not opened: ${found.refused}`)
  }

  async function inputOf(
    source: PullSource,
    signal: AbortSignal,
  ): Promise<{ input: PullInput } | { why: string }> {
    if (source.kind === 'own') {
      // Asked for what nobody sends, nginx-rtmp keeps us waiting: as it does where the other application has that name.
      const app = publishedTo(source.name)
      if (!app) return { why: `Nobody publishes ${source.name} to this node.` }
      return { input: ownInput(`${rtmpServer}/${app}/${source.name}`) }
    }
    if (source.kind === 'file') {
      const path = await fileAt(source.path)
      return path ? { input: fileInput(path) } : { why: `${nameOf(source)} is gone.` }
    }
    const found = await check(source.url.hostname)
    if ('address' in found) {
      const door = found.place === 'house' ? houseDoor : undefined
      const spot = await spotOf(source, found.address, signal)
      return { input: networkInput(source.scheme, source.url, { ...spot, door }) }
    }
    return { why: 'away' in found ? found.away : `${nameOf(source)} is not opened: ${found.refused}.` }
  }

  /** The file itself, wherever links lead: it must lie in the folder. */
  async function fileAt(path: string): Promise<string | undefined> {
    const folder = await realpath(ingestDirectory).catch(() => undefined)
    const file = folder && (await realpath(join(folder, path)).catch(() => undefined))
    if (!file?.startsWith(`${folder}${sep}`)) return undefined
    return (await stat(file)).isFile() ? file : undefined
  }

  return {
    judge,
    /** Until `signal` aborts what is found can be opened, as often as need be. */
    async find(source: PullSource, signal: AbortSignal): Promise<{ found: FoundSource } | { why: string }> {
      const opened = await inputOf(source, signal)
      if ('why' in opened) return opened
      const probed = await probePull({ input: opened.input, called: nameOf(source), signal })
      return 'why' in probed ? probed : { found: { input: opened.input, ...probed } }
    },
  }
}

const PORTS: Partial<Record<NetworkScheme, number>> = { rtsp: 554, rtsps: 322 }

async function spotOf({ scheme, url }: NetworkSource, address: string, signal: AbortSignal) {
  const usual = PORTS[scheme]
  if (usual === undefined) return { address }
  const tls = scheme === 'rtsps' ? { name: url.hostname.replace(/^\[|\]$/g, '') } : undefined
  const port = await openRtspDoor({ address, port: Number(url.port || usual), tls }, signal)
  return { address: '127.0.0.1', port }
}

/** What people call a source. */
export function nameOf(source: PullSource): string {
  switch (source.kind) {
    case 'file':
      return `The file ${source.path}`
    case 'own':
      return `The publisher of ${source.app}/${source.name}`
    case 'network':
      return `The ${source.scheme.startsWith('rtsp') ? 'camera' : 'source'} at ${source.url.hostname}`
  }
}
