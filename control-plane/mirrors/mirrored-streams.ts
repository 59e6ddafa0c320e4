import { type KnownReport, presentReport } from '../streams/stream-state.ts'
import { choiceFor, type MirrorChoices } from './mirror-choice.ts'
import type { MirroredStream } from './plan-mirrors.ts'
import type { Place } from './reach-origin.ts'

/** One node's last word about a session, and where that node is found. */
export type HeldReport = KnownReport & { streamName: string; places: () => Place[] }

/**
 * The streams of which somebody has spoken and nobody has said the end, with who makes and who copies them. Whose word counts is
 * the catalog's rule. One of which nothing is heard just now has no origin: it may only be us who do not hear.
 */
export const mirroredStreams = (reports: HeldReport[], choices: MirrorChoices, now: Date): MirroredStream[] =>
  [...Map.groupBy(reports, ({ streamName }) => streamName)].flatMap(
    ([name, ofStream]) => mirroredStream(ofStream, choiceFor(choices, name), now) ?? [],
  )

function mirroredStream(
  reports: HeldReport[],
  choice: MirroredStream['choice'],
  now: Date,
): MirroredStream | undefined {
  const present = presentReport(reports, now)
  if (!present || present.state === 'ended') return undefined
  const own = reports.filter(({ session }) => session === present.session)
  const told = own.find(({ node }) => node.id === present.node.id)
  if (!told) return undefined
  const copies = own.filter(({ role, state }) => role === 'mirror' && state !== 'ended')
  return {
    name: told.streamName,
    session: told.session,
    choice,
    heldUntil: new Map(copies.map(({ node, livesUntil }) => [node.id, livesUntil])),
    ...(told.role !== 'mirror' &&
      present.state !== 'lost' && { origin: { nodeId: told.node.id, places: told.places() } }),
  }
}
