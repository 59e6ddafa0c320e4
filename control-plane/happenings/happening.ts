import type { NodeBrief } from '../nodes/node-brief.ts'

/** What it is about: whether it is there, where it is, what it sends, what it is. */
export const HAPPENING_KINDS = ['lost', 'found', 'address', 'stream', 'release', 'restart', 'fleet'] as const
export type HappeningKind = (typeof HAPPENING_KINDS)[number]
export type NewHappening = { kind: HappeningKind; words: string }
export type Happening = NewHappening & { number: number; at: Date; nodeId: string }

/** So much of a node as is compared, and kept until the next look. */
export type Seen = {
  presence: 'arriving' | 'silent' | 'missed' | 'copied' | 'there' | 'retired'
  addresses: string[]
  streams: string[]
  release?: string
  instance?: string
}

export function seenOf(node: NodeBrief): Seen {
  const { addresses, streams, release, instance } = node
  return {
    presence: presenceOf(node),
    ...{ addresses, streams: streams.toSorted() },
    ...(release && { release }),
    ...(instance && { instance }),
  }
}

/** One that is in doubt is there: most doubts are over with the next look. */
function presenceOf({ kind, isAlive, urgency, heardAt }: NodeBrief): Seen['presence'] {
  if (kind === 'retired') return 'retired'
  if (urgency === COPIED) return 'copied'
  if (!isAlive) return heardAt ? 'silent' : 'arriving'
  if (kind === 'down') return 'missed'
  return kind === 'arriving' ? 'arriving' : 'there'
}
const COPIED = 3

/** What has happened to a node between two looks. Nothing is told of one that is seen for the first time and was there before. */
export function happenings(before: Seen | undefined, after: Seen): NewHappening[] {
  if (!before) return after.presence === 'arriving' ? [{ kind: 'fleet', words: 'It was enrolled.' }] : []
  return [
    ...presenceChange(before.presence, after.presence),
    ...addressChange(before.addresses, after.addresses),
    ...restart(before, after),
    ...releaseChange(before.release, after.release),
    ...streamChanges(before.streams, after.streams),
  ]
}

const GONE: Partial<Record<Seen['presence'], string>> = {
  silent: 'It fell silent.',
  missed: 'Viewers no longer reached it.',
  copied: 'A second machine spoke with its key: it came into quarantine.',
}

function presenceChange(before: Seen['presence'], after: Seen['presence']): NewHappening[] {
  if (before === after) return []
  if (after === 'retired') return [{ kind: 'fleet', words: 'It was revoked.' }]
  const gone = GONE[after]
  if (gone) return [{ kind: 'lost', words: gone }]
  if (after !== 'there') return []
  const words = before === 'arriving' ? 'Viewers reached it for the first time.' : 'Viewers reached it again.'
  return [{ kind: 'found', words }]
}

/** Those that it names none at are silent, and that is told. */
function addressChange(before: string[], after: string[]): NewHappening[] {
  const [lost, won] = [before, after].map((each, index, both) =>
    each.filter((address) => !both[1 - index]?.includes(address)),
  ) as [string[], string[]]
  if (won.length === 0) return []
  if (lost.length > 0)
    return [{ kind: 'address', words: `It moved from ${lost.join(' and ')} to ${won.join(' and ')}.` }]
  if (before.length === 0) return []
  return [{ kind: 'address', words: `It asked to be found at ${won.join(' and ')} too.` }]
}

/** Two machines with one key take turns: that is told otherwise. */
const restart = (before: Seen, after: Seen): NewHappening[] =>
  before.instance && after.instance && before.instance !== after.instance && after.presence !== 'copied'
    ? [{ kind: 'restart', words: 'Its agent started anew.' }]
    : []

const releaseChange = (before: string | undefined, after: string | undefined): NewHappening[] =>
  before && after && before !== after
    ? [{ kind: 'release', words: `It runs release ${after} now, ${before} before.` }]
    : []

function streamChanges(before: string[], after: string[]): NewHappening[] {
  const began = after.filter((name) => !before.includes(name))
  const ended = before.filter((name) => !after.includes(name))
  return [
    ...began.map((name) => ({ kind: 'stream' as const, words: `${name} went live on it.` })),
    ...ended.map((name) => ({ kind: 'stream' as const, words: `${name} was no longer live on it.` })),
  ]
}
