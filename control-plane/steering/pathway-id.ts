import { hash } from 'node:crypto'
import type { PathwayId } from '@sixcast/shared/contract/steering.ts'

export const RELAY: PathwayId = 'relay'

export type Place = { address: string; port: number }

/**
 * A node at one address. Players never take a known id to another place, so a node that has moved needs another; it says nothing
 * that would let viewers read a node's name or address.
 */
export const pathwayId = (nodeId: string, { address, port }: Place): PathwayId =>
  `${nodePart(nodeId)}g${hash('sha256', `${address} ${port}`).slice(0, 6)}`

/** Whether it is a way to this node, wherever the node was then. */
export const leadsTo = (pathway: PathwayId, nodeId: string) => pathway.startsWith(nodePart(nodeId))

const nodePart = (nodeId: string) => `n${nodeId.slice(0, 8)}-`
