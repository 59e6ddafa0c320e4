import type { Copy, LiveStream } from './live-streams.ts'
import { pathwayId } from './pathway-id.ts'
import type { Viewing } from './rank-rules.ts'

export const SESSION = 's00000000000a'

/** Nodes by letter: `a` is aaaaaaaaaaaaaaaaaaaa. */
export const nodeIdOf = (letter: string) => letter.repeat(20)

/** A healthy node that nobody has anything against. */
export function copyOf(letter: string, address: string, changes: Partial<Copy> = {}): Copy {
  const id = nodeIdOf(letter)
  const place = { address, port: 8084 }
  return {
    node: { id, name: `node ${letter}` },
    session: SESSION,
    role: 'origin',
    standing: 'healthy',
    at: { ...place, pathway: pathwayId(id, place) },
    ...changes,
  }
}

export const streamOf = (copies: Copy[], changes: Partial<LiveStream> = {}): LiveStream => ({
  name: 'golive',
  state: 'live',
  session: SESSION,
  manifest: 'index.m3u8',
  tracks: () => TRACKS,
  copies,
  ...changes,
})

/** Somebody far away with IPv6. */
export const viewingOf = (changes: Partial<Viewing> = {}): Viewing => ({
  address: '2a02:8071:1:100::5',
  requestHost: 'live.example',
  six: false,
  viewer: 'viewer',
  exclude: [],
  ...changes,
})

export const TRACKS = {
  renditions: [
    {
      id: 'v720',
      codecs: 'avc1.64001f,mp4a.40.2',
      bandwidth: 2_200_000,
      averageBandwidth: 2_000_000,
      width: 1280,
      height: 720,
      frameRate: 30,
    },
    { id: 'v360', codecs: 'avc1.64001e,mp4a.40.2', bandwidth: 900_000, averageBandwidth: 800_000 },
  ],
  audio: { id: 'audio', codecs: 'mp4a.40.2', channels: 2 },
}

export const SIX = { a: '2a01:4f8:1:100::a', b: '2a01:4f8:2:100::b', c: '2a01:4f8:3:100::c' }
export const FOUR = { a: '45.66.1.1', b: '45.66.2.2', c: '45.66.3.3' }
export type Letter = keyof typeof SIX

export const six = (letter: Letter, changes: Partial<Copy> = {}) => copyOf(letter, SIX[letter], changes)
export const four = (letter: Letter, changes: Partial<Copy> = {}) => copyOf(letter, FOUR[letter], changes)
export const both = (letter: Letter, overFour: Partial<Copy> = {}, overSix: Partial<Copy> = {}) => {
  const { standing, at, cause } = four(letter, overFour)
  return six(letter, { ...overSix, other: { standing, at, ...(cause && { cause }) } })
}
export const wayTo = (letter: Letter) => six(letter).at?.pathway ?? ''
export const fourWayTo = (letter: Letter) => four(letter).at?.pathway ?? ''
