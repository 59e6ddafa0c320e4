import { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import { repeat, sleep } from '@sixcast/shared/runtime/repeat.ts'
import { type AskOrigin, OriginAway } from './ask-origin.ts'
import { isOwnManifest } from './origin-manifest.ts'
import { type OriginMultivariant, OtherSession, parseOriginMultivariant } from './origin-multivariant.ts'
import { NoPlaylist } from './origin-playlist.ts'

type Dependencies = {
  stream: string
  session: string
  origin: AskOrigin
  /** The newest run that is shown. */
  run: () => number
  /** Between two looks, if nobody asks for one. */
  everyMs: () => number
  /** It was looked at; `isOpen` to new viewers. */
  looked: (isOpen: boolean) => void
  pictured: (picture: Buffer) => void
  heard: () => void
  failed: (error: unknown) => void
  signal: AbortSignal
}

const MOST_BYTES = { playlist: 64 << 10, manifest: 1 << 20, record: 16 << 10, picture: 4 << 20 }
const BACKOFF = { firstMs: 200, longestMs: 5000 }
const PICTURE_EVERY_MS = 2000

/** What else the origin has of a session, beside the playlists of its tracks and their media: looked at after each segment. */
export function watchOrigin(dependencies: Dependencies) {
  const { stream, session, origin, run, everyMs, looked, heard, failed, signal } = dependencies
  let index: OriginMultivariant | undefined
  let manifest: string | undefined
  let record: { text: string; parsed: SessionRecord } | undefined
  let etag: string | undefined
  let waking = new AbortController()
  signal.addEventListener('abort', () => waking.abort(), { once: true })

  async function watch() {
    for (let failures = 0; !signal.aborted; ) {
      const woken = waking
      try {
        await look()
        failures = 0
        heard()
        await sleep(everyMs(), woken.signal)
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        failed(error)
        await sleep(backoffMs(failures, BACKOFF), signal)
      }
      if (woken.signal.aborted && !signal.aborted) waking = new AbortController()
    }
  }

  async function look() {
    const opened = await find('index.m3u8', MOST_BYTES.playlist)
    const isOpen = opened !== undefined && isOf(opened)
    if (!index) throw new OriginAway('it does not show the stream')
    manifest = manifestIn(await find('manifest.mpd', MOST_BYTES.manifest))
    if (!record || record.parsed.run < run())
      record = recordIn(await find(`${session}/record.json`, MOST_BYTES.record)) ?? record
    if (!signal.aborted) looked(isOpen)
  }

  /** Whether new viewers of the stream are shown this very session. */
  function isOf(text: string): boolean {
    try {
      index = parseOriginMultivariant(text, session)
      return true
    } catch (error) {
      if (error instanceof OtherSession) return false
      throw error
    }
  }

  function manifestIn(text: string | undefined): string | undefined {
    if (text === undefined || !text.includes(`"${session}/`)) return undefined
    if (!isOwnManifest(text, session)) throw new NoPlaylist('its DASH manifest leads elsewhere')
    return text
  }

  function recordIn(text: string | undefined) {
    if (text === undefined) return undefined
    const { data } = SessionRecord.safeParse(jsonIn(text))
    if (data?.session !== session) throw new NoPlaylist('its record is of another session')
    return { text, parsed: data }
  }

  async function find(file: string, mostBytes: number): Promise<string | undefined> {
    const { status, body } = await origin.get(`/${stream}/${file}`, { mostBytes })
    if (status === 404) return undefined
    if (status !== 200) throw new OriginAway(`it answered ${status}`)
    return body.toString()
  }

  async function lookAtPicture() {
    const answer = await origin.get(`/${stream}/thumbnail.jpg`, { mostBytes: MOST_BYTES.picture, etag })
    if (answer.status !== 200 || signal.aborted || answer.body.readUInt16BE(0) !== JPEG) return
    etag = answer.etag
    dependencies.pictured(answer.body)
  }

  void watch()
  void repeat(PICTURE_EVERY_MS, lookAtPicture, signal, () => {}) // the next one comes in two seconds

  return {
    index: () => index,
    manifest: () => manifest,
    record: () => record,
    lookNow: () => waking.abort(),
  }
}

const JPEG = 0xffd8

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
