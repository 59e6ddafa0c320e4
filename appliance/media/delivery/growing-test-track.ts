import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { LiveTracks } from '../packager/live-playlists.ts'
import type { WindowSegment } from '../packager/track-window.ts'
import { waiters } from '../packager/waiters.ts'

/** For tests: a track in whose segment 7 so many parts are there, with their files in `folder`. */
export function growingTrack(folder: string, parts: number) {
  let number = 7
  let count = 0
  let over = false
  const waiting = waiters()
  const path = (file: string) => join(folder, 'v480', file)
  mkdirSync(join(folder, 'v480'), { recursive: true })
  const partNames = () => Array.from({ length: count }, (_, at) => `v480/1-${number}.${at}.m4s`)

  function change(task: () => void) {
    task()
    waiting.wake()
  }
  const texts: string[] = []
  const grow = (text = `part ${count};`) =>
    change(() => {
      writeFileSync(path(`1-${number}.${count}.m4s`), text)
      texts.push(text)
      count += 1
    })
  for (let at = 0; at < parts; at++) grow()

  const live: LiveTracks = {
    track: (id) =>
      id === 'v480'
        ? {
            place: { closed: number - 1, closedParts: 6, growingParts: count },
            partTarget: 1 / 3,
            targetDuration: 2,
            growing: count ? segment(number, partNames()) : undefined,
          }
        : undefined,
    playlist(_, skip) {
      const plain = Buffer.from(`${number} parts ${count}${skip ? ' skipped' : ''}`)
      return { plain, packed: () => gzipSync(plain) }
    },
    more: waiting.next,
    ended: () => over,
  }
  return {
    live,
    grow,
    end: () =>
      change(() => {
        over = true
      }),
    close: () =>
      change(() => {
        writeFileSync(path(`1-${number}.m4s`), texts.splice(0).join(''))
        number += 1
        count = 0
      }),
  }
}

function segment(number: number, uris: string[]): WindowSegment {
  const at = '2026-01-01T00:00:00.000Z'
  const parts = uris.map((uri) => ({ uri, duration: 1 / 3, bytes: 7, independent: true }))
  const uri = `v480/1-${number}.m4s`
  return { number, run: 1, discontinuity: 0, start: 0, duration: 1, at, bytes: 7, uri, init: '', parts }
}
