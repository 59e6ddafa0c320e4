import type { Generated } from 'kysely'

/** Who may log in, and who did what. */
export type PeopleTables = {
  operator: {
    name: string
    password_hash: string
    created_at: Date
    role: Generated<'admin' | 'operator' | 'installer' | 'support'>
  }
  operator_session: {
    token_hash: string
    operator_name: string
    created_at: Date
    expires_at: Date
    /** Null until it is seen anew; to the minute. */
    seen_at: Date | null
    source: Generated<string>
    /** What the browser says of itself. */
    agent: Generated<string>
  }
  api_token: {
    id: string
    token_hash: string
    operator_name: string
    name: string
    scope: 'read' | 'fleet' | 'content' | 'claims'
    created_at: Date
    expires_at: Date
    /** To the minute. */
    used_at: Date | null
    used_from: string | null
  }
  /** Its lines are numbered without a gap, and each hash covers the one before. */
  audit: {
    number: number
    at: Date
    who: string
    source: string
    deed: string
    subject: string
    outcome: string
    hash: string
  }
}
