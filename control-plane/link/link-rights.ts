import { NodeId } from '@sixcast/shared/contract/names.ts'
import { topics } from '@sixcast/shared/contract/node-metrics.ts'
import type { NodeRepository } from '../nodes/node-repository.ts'
import type { NodePasswords } from './node-password.ts'

export type LinkRights = ReturnType<typeof linkRights>

/** The user under which the control plane itself speaks on the embedded broker. */
export const CONTROL_PLANE = 'control-plane'

type Dependencies = { nodes: Pick<NodeRepository, 'find'>; passwords: NodePasswords }

/** Who may connect to the fleet's broker, and who may say and hear what. The embedded broker asks here, others over HTTP. */
export function linkRights({ nodes, passwords }: Dependencies) {
  return {
    async mayConnect(user: string, password: string): Promise<boolean> {
      if (!passwords.verify(user, password)) return false
      return user === CONTROL_PLANE || (await mayExist(user))
    },
    mayExist,
  }

  /** Without its password: enrolled and not revoked. */
  async function mayExist(user: string): Promise<boolean> {
    if (user === CONTROL_PLANE) return true
    if (!NodeId.safeParse(user).success) return false
    const node = await nodes.find(user)
    return node !== undefined && node.revokedAt === undefined
  }
}

/** A node speaks of itself only. */
export function mayPublish(user: string, topic: string): boolean {
  if (user === CONTROL_PLANE) return true
  return [topics.metrics, topics.presence].some(({ of }) => of(user) === topic)
}

/** A node hears what it alone is told, under one name: each that it makes up would cost the broker memory. */
export function maySubscribe(user: string, filter: string): boolean {
  return user === CONTROL_PLANE || filter === topics.wake.of(user)
}
