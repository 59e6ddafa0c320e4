import type { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import { hashSecret, newSecret } from '../secrets/secret-hash.ts'
import type { VerdictLinkRepository } from './verdict-link-repository.ts'

export type VerdictLinks = ReturnType<typeof verdictLinks>

type Dependencies = { links: VerdictLinkRepository; publicUrl: string; now?: () => Date }

/** An installer is done within a day. */
const GOOD_MS = 24 * 3_600_000

/** Secret addresses at which the verdict on one node is read without a login. */
export const verdictLinks = ({ links, publicUrl, now = () => new Date() }: Dependencies) => ({
  async makeLink(nodeId: string, maker: 'node' | 'operator'): Promise<VerdictLink> {
    const secret = newSecret()
    const expiresAt = new Date(now().getTime() + GOOD_MS)
    await links.keep({ nodeId, maker, secretHash: hashSecret(secret), expiresAt })
    return { url: `${publicUrl}/verdict/${secret}`, expiresAt: expiresAt.toISOString() }
  },

  /** The node that a link shows; absent once it has expired or was taken back. */
  nodeBehind: (secret: string) => links.findNode(hashSecret(secret), now()),

  /** All links to this node are void. */
  revokeLinks: async (nodeId: string): Promise<void> => void (await links.removeOf(nodeId)),
})
