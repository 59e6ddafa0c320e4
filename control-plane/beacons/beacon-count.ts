import type { Beacon } from '@sixcast/shared/contract/beacon.ts'
import { bucketOf } from './join-bucket.ts'

export type CountKind = 'join' | 'stall' | 'watched' | 'refused' | 'timeout' | 'error'

/** What was told of one kind, of one stream by one pathway. */
export type BeaconCount = {
  stream: string
  pathway: string
  kind: CountKind
  /** Of joins alone: how long they took. */
  bucket: number
  count: number
  /** Milliseconds of stalls, seconds of watching. */
  total: number
}

export type MinuteCount = BeaconCount & { minute: Date }

/** Streams, their pathways and what can be told of them are few; whoever makes more of them is not counted. */
const MOST_WAITING = 2000

/** Counts beacons until they are taken to be written down. */
export function countBeacons() {
  let waiting = new Map<string, MinuteCount>()

  return {
    count(beacon: Beacon, at: Date) {
      const minute = new Date(at.getTime() - (at.getTime() % 60_000))
      const counted = { minute, ...countOf(beacon) }
      const key = [minute.getTime(), counted.stream, counted.pathway, counted.kind, counted.bucket].join(' ')
      const before = waiting.get(key)
      if (!before && waiting.size >= MOST_WAITING) return
      waiting.set(key, { ...counted, ...(before && sumOf(before, counted)) })
    },
    take(): MinuteCount[] {
      const taken = [...waiting.values()]
      waiting = new Map()
      return taken
    },
  }
}

const sumOf = (a: BeaconCount, b: BeaconCount) => ({ count: a.count + b.count, total: a.total + b.total })

function countOf({ stream, pathway, ...told }: Beacon): BeaconCount {
  const about = { stream, pathway, bucket: 0, count: 1 }
  switch (told.what) {
    case 'join':
      return { ...about, kind: 'join', bucket: bucketOf(told.ms), total: told.ms }
    case 'stall':
      return { ...about, kind: 'stall', total: told.ms }
    case 'watched':
      return { ...about, kind: 'watched', total: told.seconds }
    case 'failure':
      return { ...about, kind: told.how, total: 0 }
  }
}
