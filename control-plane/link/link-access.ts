import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import type { Config } from '../config.ts'
import type { NodeRepository } from '../nodes/node-repository.ts'
import { linkRights } from './link-rights.ts'
import { nodePasswords } from './node-password.ts'

export type Link = ReturnType<typeof linkAccess>

type Dependencies = { nodes: NodeRepository; fleetKey: KeyPair; mqtt: Pick<Config['mqtt'], 'publicUrl'> }

/** Who may speak on the broker, whoever runs it, and with what. */
export function linkAccess({ nodes, fleetKey, mqtt }: Dependencies) {
  const passwords = nodePasswords(fleetKey)
  return {
    rights: linkRights({ nodes, passwords }),
    /** What a node needs to speak on the broker for the next hour. */
    accessFor: (nodeId: string) => ({
      url: mqtt.publicUrl,
      username: nodeId,
      password: passwords.create(nodeId),
    }),
  }
}
