import type { ColumnType, Generated } from 'kysely'
import type { AlertTables } from './alert-tables.ts'
import type { PastTables } from './past-tables.ts'
import type { PeopleTables } from './people-tables.ts'

/** The columns as they are after all migrations. Times are UTC; text that holds JSON is parsed where it is read. */
export type Tables = FleetTables & AlertTables & PastTables & PeopleTables

/** What the fleet is, and how it stands. */
type FleetTables = {
  fleet_key: { id: number; private_key: string; created_at: Date }
  claim: {
    id: string
    secret_hash: string
    created_at: Date
    expires_at: Date
    revoked_at: Date | null
    used_at: Date | null
    node_id: string | null
    made_by: string | null
  }
  node: {
    id: string
    public_key: string
    name: string
    hardware: string
    enrolled_at: Date
    revoked_at: Date | null
    epoch: Generated<number>
    highest_number: Generated<number>
    seen_numbers: ColumnType<number | string, string | undefined, string>
    /** The round that moved the window last. */
    admitted_by: string | null
  }
  lease: {
    node_id: string
    epoch: Generated<number>
    number: Generated<number>
    release: string | null
    claimed: string | null
    /** Where the last beat came from. */
    source: string | null
    /** The claimed address at which a probe last found the node: where viewers are sent. */
    proven: string | null
    playback_port: number | null
    cdn_port: number | null
    rtmp_port: number | null
    addresses: string | null
    live: string | null
    alive_since: Date | null
    beat_at: Date | null
    ends_at: Date | null
    /** What it sends to its viewers; null unless it tells. */
    load_viewers: number | null
    load_bits: number | null
    /** The most that it has told so far. */
    most_bits: number | null
    /** The process of the agent that beat last, and the one that did before it. */
    instance: string | null
    previous_instance: string | null
    /** Set while more than one machine speaks with this node's key. */
    quarantined_until: Date | null
  }
  /** Where it asks for viewers as well, in the family that the claimed address is not of. */
  other_address: {
    node_id: string
    family: 4 | 6
    address: string
    /** Where it said so from. */
    source: string
    /** A probe has found it there. */
    proven: boolean
    counts_until: Date
    /** Of the request that said so last. */
    epoch: Generated<number>
    number: Generated<number>
  }
  reachability: {
    node_id: string
    family: 4 | 6
    address: string
    reachable: boolean
    since: Date
    checked_at: Date
    cause: string | null
  }
  /** Of one address family, at the address that the node claimed then. */
  standing: {
    node_id: string
    family: 4 | 6
    address: string
    state: 'pending' | 'healthy' | 'suspect' | 'unreachable' | 'offline' | 'flapping'
    since: Date
    cause: string | null
    /** How the last probe failed; null when it did not. */
    failure: string | null
    /** The first of the unbroken row of probes that found it, or missed it. */
    good_since: Date | null
    bad_since: Date | null
    /** When it was healthy or flapping last. */
    up_at: Date | null
    /** When viewers lost it lately. */
    falls: string
    due_at: Date
  }
  /** Nodes that operators have set nothing for have no row. */
  node_limit: {
    node_id: string
    viewers: number | null
    bits_per_second: number | null
    duty: 'serving' | 'draining' | 'maintenance'
    /** Since when that is its duty. */
    since: Date
  }
  /** Of the last time it was asked to send as much as its line takes. */
  node_uplink: {
    node_id: string
    family: 4 | 6
    address: string
    /** The last that could be measured; null before. */
    bits_per_second: number | null
    bytes: number | null
    milliseconds: number | null
    /** Why nothing came the last time. */
    cause: string | null
    tried_at: Date
    /** An operator has asked that it be measured again. */
    wanted: ColumnType<boolean, boolean | undefined, boolean>
  }
  verdict_link: { node_id: string; maker: 'node' | 'operator'; secret_hash: string; expires_at: Date }
  /** Of several control-plane processes. */
  process_turn: { name: string; holder: string; until: Date }
  incident: {
    kind: 'freeze' | 'blind'
    family: 4 | 6
    since: Date
    /** Null while it lasts. */
    until: Date | null
    failing: number | null
    lately: number | null
    cause: string | null
  }
  segment_fact: {
    node_id: string
    family: 4 | 6
    address: string
    stream_name: string
    fetched: boolean
    since: Date
    checked_at: Date
    bytes: number | null
    milliseconds: number | null
    cause: string | null
  }
  /** One version of what is wanted of a node, and what the node has reported of it. */
  configuration: {
    node_id: string
    version: number
    settings: string
    /** In words, one sentence each, as JSON. */
    changes: string
    made_at: Date
    made_by: string
    state: 'trial' | 'kept' | 'returned' | null
    steps: string | null
    in_force: number | null
    cause: string | null
    reported_at: Date | null
  }
  command: {
    id: string
    node_id: string
    name: string
    unit: string | null
    state: 'asked' | 'fetched' | 'acknowledged' | 'done' | 'failed' | 'unsupported' | 'expired'
    outcome: string | null
    asked_at: Date
    asked_by: string
    /** Not begun until then, it is not begun at all. */
    expires_at: Date
    timeout_seconds: number
    begun_at: Date | null
    settled_at: Date | null
  }
  diagnostics: { command_id: string; taken_at: Date; text: string }
  stream: {
    name: string
    title: string
    description: string
    open: boolean
    created_at: Date
    category: Generated<string>
    shown: Generated<'public' | 'unlisted' | 'hidden'>
    place: Generated<number>
  }
  /** Streams that have none have no row. */
  stream_poster: { stream_name: string; hash: string; type: string; bytes: Buffer }
  stream_key: {
    id: string
    stream_name: string
    secret_hash: string
    created_at: Date
    revoked_at: Date | null
  }
  stream_report: {
    stream_name: string
    node_id: string
    epoch: number
    number: number
    state: 'live' | 'waiting' | 'ended'
    manifest: string
    session: string
    height: number | null
    /** With the audio beside them; the renditions alone in rows of older releases. */
    renditions: string
    record: string
    /** When the session was first heard of, and when it came into its present state. */
    since: Date
    state_since: Date
    lives_until: Date
    /** Null in reports of releases that did not copy. */
    role: 'origin' | 'mirror' | null
    /** Null in reports of releases that did not tell. */
    viewers: number | null
    seen: string | null
  }
  /** The row * is the fleet's rule. Of a stream either copies are said or nodes, a comma list of ids. */
  mirror_choice: { stream_name: string; copies: number | null; nodes: string | null }
  mirror_order: {
    stream_name: string
    node_id: string
    session: string
    /** The origin's CDN endpoint, host:port. */
    source: string
    since: Date
  }
}
