import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { NodeRepository } from '../nodes/node-repository.ts'
import type { LimitRepository, NodeLimits } from './limit-repository.ts'

export type NodeLimiting = ReturnType<typeof nodeLimits>

type Dependencies = {
  limits: LimitRepository
  nodes: Pick<NodeRepository, 'find'>
  /** Writes it into the node's configuration, which says all that is wanted of it. */
  configure: (nodeId: string, duty: Duty) => Promise<{ version: number; changes: string[] }>
  now?: () => Date
}

/** What operators let a node do. Steering reads it within a second or two. */
export const nodeLimits = ({ limits, nodes, configure, now = () => new Date() }: Dependencies) => ({
  /** All of it at once, as a configuration has it: what is absent is unlimited. */
  async limitsChanged(nodeId: string, changed: NodeLimits): Promise<void> {
    await limits.keep(nodeId, changed, now())
  },

  async setDuty(nodeId: string, duty: Duty): Promise<{ version: number; changes: string[] }> {
    const node = await nodes.find(nodeId)
    if (!node || node.revokedAt)
      throw new Problem('unknown-node', 'There is no such node, or it is revoked already.')
    const made = await configure(nodeId, duty)
    await limits.keepDuty(nodeId, duty, now()) // in a second it would be so anyhow
    return made
  },
})
