/** A claim as operators see it: its secret was told once, when it was made. */
export type ClaimView = {
  id: string
  state: 'open' | 'used' | 'revoked' | 'expired'
  /** Since when it is in that state; of an open one, when it was made. */
  since: Date
  createdAt: Date
  expiresAt: Date
  /** Absent where nobody knows. */
  madeBy?: string
  /** Who came in by it. */
  nodeId?: string
  nodeName?: string
}

type ClaimRow = {
  id: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  used_at: Date | null
  made_by: string | null
  node_id: string | null
  node_name: string | null
}

export function claimView(row: ClaimRow, now: Date): ClaimView {
  return {
    ...{ id: row.id, createdAt: row.created_at, expiresAt: row.expires_at },
    ...stateOf(row, now),
    ...(row.made_by !== null && { madeBy: row.made_by }),
    ...(row.node_id !== null && { nodeId: row.node_id }),
    ...(row.node_name !== null && { nodeName: row.node_name }),
  }
}

function stateOf({ used_at, revoked_at, expires_at, created_at }: ClaimRow, now: Date) {
  if (used_at) return { state: 'used', since: used_at } as const
  if (revoked_at) return { state: 'revoked', since: revoked_at } as const
  if (expires_at <= now) return { state: 'expired', since: expires_at } as const
  return { state: 'open', since: created_at } as const
}
