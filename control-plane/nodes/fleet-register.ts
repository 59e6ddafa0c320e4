import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { NodeRepository } from './node-repository.ts'

export type FleetRegister = ReturnType<typeof fleetRegister>

type Dependencies = { nodes: Pick<NodeRepository, 'revoke'>; now?: () => Date }

/** What operators do with nodes. */
export const fleetRegister = ({ nodes, now = () => new Date() }: Dependencies) => ({
  /** For good: its key is never taken back. Its machine can enrol again with a new one. */
  async revokeNode(id: string): Promise<void> {
    if (!(await nodes.revoke(id, now())))
      throw new Problem('unknown-node', 'There is no such node, or it is revoked already.')
  },
})
