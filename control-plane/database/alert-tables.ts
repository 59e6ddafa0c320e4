import type { Generated } from 'kysely'

type Severity = 'warn' | 'bad'

/** Those of the room alerts. */
export type AlertTables = {
  alert: {
    id: string
    rule: string
    subject_kind: 'node' | 'stream' | 'fleet'
    subject_id: string
    subject_name: string
    node_id: string | null
    state: 'pending' | 'firing' | 'clearing' | 'resolved'
    since: Date
    /** Since when it has been well; set while it is clearing. */
    clear_since: Date | null
    resolved_at: Date | null
    /** The worst figure since it began. */
    peak: number | null
    says: string
    /** Null before it was raised. */
    incident_id: string | null
  }
  alert_incident: {
    id: string
    begun_at: Date
    joined_at: Date
    /** Null while it lasts. */
    ended_at: Date | null
    told_at: Date | null
    told_count: Generated<number>
    told_severity: Severity | null
    grown_at: Date | null
    over_told_at: Date | null
    acknowledged_by: string | null
    acknowledged_at: Date | null
  }
  /** Rules that are as they come have no row. */
  alert_rule: {
    rule: string
    enabled: boolean
    threshold: number | null
    for_seconds: number | null
    changed_by: string
    changed_at: Date
  }
  alert_channel: {
    id: string
    kind: 'mail' | 'webhook'
    /** A comma list of recipients, or a URL. */
    target: string
    /** Of a webhook. */
    secret: string | null
    made_by: string
    made_at: Date
  }
  alert_message: {
    id: string
    channel_id: string
    incident_id: string
    kind: 'opened' | 'grown' | 'over'
    content: string
    made_at: Date
    attempts: Generated<number>
    /** Null once it was sent, or given up. */
    next_at: Date | null
    error: string | null
    sent_at: Date | null
    given_up_at: Date | null
  }
  alert_silence: {
    id: string
    scope: 'all' | 'rule' | 'node' | 'incident'
    /** Empty for all. */
    scope_id: string
    /** Null: until nothing of it is open. */
    until: Date | null
    reason: string
    made_by: string
    made_at: Date
    /** Lifted, or over. */
    ended_at: Date | null
  }
}
