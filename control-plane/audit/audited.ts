import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Recorded } from './audit-trail.ts'

type Deeds<Room> = {
  [Name in keyof Room]?: Room[Name] extends (...given: infer Given) => Promise<infer Made>
    ? {
        deed: string
        /** On what; `made` is absent when it was refused. Never a secret. */
        on: (made: Awaited<Made> | undefined, ...given: Given) => string
        /** Absent: there is nothing to record. */
        outcome?: (made: Awaited<Made>) => string | undefined
        /** Which of them are recorded; absent: all. */
        worth?: (...given: Given) => boolean
        /** What was refused is not recorded: a node may ask as often as it likes. */
        byNodes?: boolean
      }
    : never
}

/** A room whose deeds are recorded, whoever calls them: those that were done, and those that were refused. */
export function audited<Room extends object>(
  room: Room,
  record: (line: Recorded) => Promise<void>,
  deeds: Deeds<Room>,
): Room {
  const wrapped = Object.entries(deeds).map(([name, words]) => [
    name,
    recorded(room[name as keyof Room] as Act, words as Words, record),
  ])
  return { ...room, ...Object.fromEntries(wrapped) }
}

type Act = (...given: unknown[]) => Promise<unknown>
type Words = {
  deed: string
  on: (made: unknown, ...given: unknown[]) => string
  outcome?: (made: unknown) => string | undefined
  worth?: (...given: unknown[]) => boolean
  byNodes?: boolean
}

const recorded =
  (act: Act, { deed, on, outcome, worth, byNodes }: Words, record: (line: Recorded) => Promise<void>) =>
  async (...given: unknown[]) => {
    if (worth && !worth(...given)) return act(...given)
    const made = await act(...given).catch(async (error: unknown) => {
      if (error instanceof Problem && !byNodes)
        await record({ deed, subject: on(undefined, ...given), outcome: `refused: ${error.message}` })
      throw error
    })
    const words = outcome ? outcome(made) : 'done'
    if (words !== undefined) await record({ deed, subject: on(made, ...given), outcome: words })
    return made
  }
