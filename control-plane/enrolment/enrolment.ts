import { randomBytes } from 'node:crypto'
import { formatClaim } from '@sixcast/shared/contract/claim.ts'
import { type EnrolReply, type EnrolRequest, enrolText } from '@sixcast/shared/contract/enrolment.ts'
import { type KeyPair, nodeId, verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { presentActor } from '../audit/actor.ts'
import type { NodeRepository } from '../nodes/node-repository.ts'
import { hashSecret, newSecret } from '../secrets/secret-hash.ts'
import type { ClaimRepository } from './claim-repository.ts'
import { type ClaimView, claimView } from './claim-view.ts'

const MOST_LISTED = 500

export type Enrolment = ReturnType<typeof enrolment>

type Dependencies = {
  claims: ClaimRepository
  nodes: Pick<NodeRepository, 'find'>
  fleetKey: KeyPair
  publicUrl: string
  now?: () => Date
}

/** How a machine becomes a node of this fleet: an operator makes a claim, the machine redeems it with its own key. */
export function enrolment({ claims, nodes, fleetKey, publicUrl, now = () => new Date() }: Dependencies) {
  return {
    /** The claim is told here once and never again. */
    async createClaim({ hours }: { hours: number }) {
      const secret = newSecret()
      const id = randomBytes(6).toString('hex')
      const expiresAt = new Date(now().getTime() + hours * 3_600_000)
      const madeBy = presentActor().who.slice(0, 100)
      await claims.add({
        ...{ id, secret_hash: hashSecret(secret), made_by: madeBy },
        ...{ created_at: now(), expires_at: expiresAt },
      })
      return { id, expiresAt, claim: formatClaim({ url: publicUrl, fleetKey: fleetKey.publicKey, secret }) }
    },

    /** The newest first, without their secrets; so many that whoever makes thousands still gets a list. */
    async listClaims(): Promise<ClaimView[]> {
      const rows = await claims.list(MOST_LISTED)
      return rows.map((row) => claimView(row, now()))
    },

    /** What has made a node stays with it: the node itself is revoked then. */
    async revokeClaim(id: string) {
      if (!(await claims.revoke(id, now())))
        throw new Problem('not-found', 'There is no such claim that could still be used.')
    },

    async enrol(request: EnrolRequest): Promise<EnrolReply> {
      if (!verifyText(enrolText(request), request.signature, request.publicKey))
        throw new Problem('bad-signature', 'The signature was not made by the key that asks to enrol.')
      const id = nodeId(request.publicKey)
      const known = await nodes.find(id)
      if (known?.revokedAt) throw new Problem('node-revoked', 'This key was revoked. Make a new one.')
      const { publicKey: public_key, name, hardware } = request
      const secretHash = hashSecret(request.secret)
      if (!(await claims.redeem(secretHash, { id, public_key, name, hardware }, now())))
        await explainRefusal(secretHash, id)
      return { nodeId: id, name: (await nodes.find(id))?.name ?? name }
    },
  }

  /** Returns only when this very node has used the claim before: its first answer may have been lost on the way. */
  async function explainRefusal(secretHash: string, id: string): Promise<void> {
    const claim = await claims.find(secretHash)
    if (!claim) throw new Problem('claim-refused', 'This fleet has made no such claim.')
    if (claim.node_id === id) return
    if (claim.used_at) throw new Problem('claim-used', 'Another node has used this claim. Make a new one.')
    if (claim.revoked_at) throw new Problem('claim-refused', 'This claim was revoked. Make a new one.')
    throw new Problem('claim-expired', 'This claim has expired. Make a new one.')
  }
}
