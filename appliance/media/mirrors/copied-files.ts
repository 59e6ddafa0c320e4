import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDiskFull, writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'

type Dependencies = {
  /** The session's own. */
  folder: string
  /** There is no room: so much must go of what is listed, the oldest first. False if nothing can. */
  giveUp: () => boolean
  /** Segments that went because nobody can ask for them any more. */
  cleaned: (segments: number) => void
  now?: () => number
}
type Known = { bytes: number; unlistedAt: number | undefined }

/** Kept free: for the next segment, once in parts and once whole, and for what is written beside it or rounded up to pages. */
const SEGMENTS_AHEAD = 4

export type CopiedFiles = ReturnType<typeof copiedFiles>

/** The media files of a copied session: which are there, and for how long after the last playlist that listed them. */
export function copiedFiles({ folder, giveUp, cleaned, now = () => performance.now() }: Dependencies) {
  mkdirSync(folder, { recursive: true })
  const known = new Map<string, Known>(
    found(folder).map(([uri, bytes]) => [uri, { bytes, unlistedAt: now() }]),
  )

  /** What nobody lists goes first, then what is oldest. */
  function withRoom(task: () => void) {
    for (let isFirst = true; ; isFirst = false)
      try {
        return task()
      } catch (error) {
        if (!isDiskFull(error) || !(isFirst || giveUp())) throw error
        sweep(() => 0)
      }
  }

  function sweep(graceMs: (uri: string) => number, track = '') {
    const old = [...known].filter(
      ([uri, { unlistedAt }]) =>
        uri.startsWith(track) && unlistedAt !== undefined && now() - unlistedAt >= graceMs(uri),
    )
    for (const [uri] of old) {
      rmSync(join(folder, uri), { force: true })
      known.delete(uri)
    }
    const segments = old.filter(([uri]) => A_SEGMENT.test(uri)).length
    if (segments) cleaned(segments)
  }

  return {
    has: (uri: string) => known.has(uri),
    withRoom,
    write(uri: string, content: Buffer[]) {
      withRoom(() => writeAtomically(join(folder, uri), content))
      const bytes = content.reduce((sum, piece) => sum + piece.length, 0)
      known.set(uri, { bytes, unlistedAt: undefined })
    },
    read: (uri: string) => readFileSync(join(folder, uri)),
    /** The playlist of a track lists just these now. What it lists no more stays for as long as players may still ask for it. */
    listed(track: string, uris: Set<string>, graceMs: (uri: string) => number) {
      for (const [uri, file] of known)
        if (uri.startsWith(`${track}/`))
          file.unlistedAt = uris.has(uri) ? undefined : (file.unlistedAt ?? now())
      sweep(graceMs, `${track}/`)
    },
    /** These go with the next look, whoever may still want them. */
    giveUp(isOld: (uri: string) => boolean) {
      for (const [uri, file] of known) if (isOld(uri)) file.unlistedAt = Number.NEGATIVE_INFINITY
    },
    /** Whether the memory disk has no room for what comes next. */
    isTight(uris: string[]): boolean {
      const { bavail, bsize } = statfsSync(folder)
      const next = uris.reduce((sum, uri) => sum + (known.get(uri)?.bytes ?? 0), 0)
      return bavail * bsize < SEGMENTS_AHEAD * next
    },
    remove() {
      cleaned([...known.keys()].filter((uri) => A_SEGMENT.test(uri)).length)
      known.clear()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What is written again soon: no room is made for it, and without room it is behind for a moment. */
export function tryToWrite(path: string, content: string | Buffer) {
  try {
    writeAtomically(path, typeof content === 'string' ? content : [content])
  } catch (error) {
    if (!isDiskFull(error)) throw error
  }
}

const A_SEGMENT = /\/\d+-\d+\.m4s$/
const MEDIA = /^(?:\d+-\d+(?:\.\d+)?\.m4s|init-[A-Za-z0-9_-]+\.mp4)$/

/** What the process before this one had copied. What it had not finished has another name. */
function found(folder: string): [uri: string, bytes: number][] {
  const tracks = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return tracks.flatMap(({ name }) =>
    readdirSync(join(folder, name))
      .filter((file) => MEDIA.test(file))
      .map((file): [string, number] => [`${name}/${file}`, statSync(join(folder, name, file)).size]),
  )
}
