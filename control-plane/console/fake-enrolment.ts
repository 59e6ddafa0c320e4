import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { ClaimView } from '../enrolment/claim-view.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'

/** One claim that waits, and one that a node came in by. */
export function fakeEnrolment(done: unknown[], now: Date): ConsoleDependencies['enrolment'] {
  const at = (seconds: number) => new Date(now.getTime() - seconds * 1000)
  const open = {
    id: 'abcdef012345',
    state: 'open',
    since: at(600),
    createdAt: at(600),
    madeBy: 'ann',
  } as const
  const used = {
    id: '012345abcdef',
    state: 'used',
    since: at(90),
    createdAt: at(900),
    nodeName: 'depot',
  } as const
  const claims: ClaimView[] = [
    { ...open, expiresAt: at(-3600) },
    { ...used, expiresAt: at(-3600), nodeId: 'depot2345depot2345de' },
  ]
  return {
    async createClaim({ hours }) {
      done.push(['claim', hours])
      return { claim: 'sixcast-claim-1.abc', expiresAt: at(-3600 * hours) }
    },
    listClaims: async () => claims,
    async revokeClaim(id) {
      if (id !== open.id) throw new Problem('not-found', 'There is no such claim that could still be used.')
      done.push(['revoke claim', id])
    },
  }
}
