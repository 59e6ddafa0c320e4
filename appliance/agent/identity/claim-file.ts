import { type Claim, parseClaim } from '@sixcast/shared/contract/claim.ts'
import { eraseDurably } from '@sixcast/shared/runtime/atomic-file.ts'
import { readIfThere } from './own-file.ts'

export type ClaimFile = ReturnType<typeof claimFile>
type FoundClaim = { kind: 'none' } | { kind: 'unreadable'; why: string } | { kind: 'claim'; claim: Claim }

/** Where the installer puts the claim: a file that holds it as one word. */
export function claimFile(path: string) {
  return {
    path,
    async read(): Promise<FoundClaim> {
      const text = await readIfThere(path).catch((error: unknown) => ({ error }))
      if (text === undefined || text === '') return { kind: 'none' }
      if (typeof text !== 'string') return { kind: 'unreadable', why: `${path} cannot be read.` }
      const claim = parseClaim(text)
      return claim ? { kind: 'claim', claim } : { kind: 'unreadable', why: `${path} holds no claim.` }
    },
    erase: () => eraseDurably(path),
  }
}
