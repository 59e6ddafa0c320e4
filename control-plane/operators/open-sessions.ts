import { Problem } from '@sixcast/shared/contract/problem.ts'
import { printable } from '@sixcast/shared/runtime/printable.ts'
import { hashSecret } from '../secrets/secret-hash.ts'
import { browserWords } from './browser-words.ts'
import type { OperatorRepository } from './operator-repository.ts'

/** From where somebody comes, and what his browser says of itself. */
export type Visit = { source: string; agent: string }
export type OpenSession = { id: string; since: Date; seenAt: Date; source: string; browser: string }

type Dependencies = {
  operators: Pick<OperatorRepository, 'listSessions' | 'removeSession' | 'removeSessionsBut'>
  now: () => Date
}

/** Where somebody is logged in, and how that ends. */
export function openSessions({ operators, now }: Dependencies) {
  return {
    /** The latest seen first. */
    async listSessions(operator: string): Promise<OpenSession[]> {
      const rows = await operators.listSessions(operator, now())
      return rows
        .map(({ token_hash, created_at, seen_at, source, agent }) => ({
          ...{ id: idOf(token_hash), since: created_at, seenAt: seen_at ?? created_at, source },
          browser: browserWords(agent),
        }))
        .toSorted((one, other) => other.seenAt.getTime() - one.seenAt.getTime())
    },

    async endSession(operator: string, id: string): Promise<void> {
      const rows = await operators.listSessions(operator, now())
      const found = rows.find(({ token_hash }) => idOf(token_hash) === id)
      if (!found) throw new Problem('not-found', 'This login is over already.')
      await operators.removeSession(found.token_hash)
    },

    /** All of them, but for the one that `token` is of. */
    endSessions: (operator: string, token = '') =>
      operators.removeSessionsBut(operator, hashSecret(token)).then(() => undefined),
  }
}

/** A name for a session that opens none. */
export const sessionId = (token: string) => idOf(hashSecret(token))

const idOf = (tokenHash: string) => tokenHash.slice(0, 12)

/** As the table holds it. */
export const fitVisit = ({ source, agent }: Visit): Visit => ({
  source: printable(source).slice(0, 50),
  agent: printable(agent).slice(0, 200).toWellFormed(),
})
