import type { Heartbeat } from '@sixcast/shared/contract/heartbeat.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { gathered } from '../database/gathered.ts'

export type LeaseRepository = ReturnType<typeof leaseRepository>

/** One beat, stamped by our own clock: the node's may stand at 1970. */
export type Beat = {
  nodeId: string
  epoch: number
  number: number
  heartbeat: Heartbeat
  /** Where it came from. */
  source: string
  at: Date
  endsAt: Date
}

/** So long after two machines last took turns one of them counts as switched off. */
const QUARANTINE_MS = 10 * 60_000
/** Of the ten connections to the database. */
const GATHERED = { rounds: 2, busyLingerMs: 5 }

export function leaseRepository(db: Database) {
  return {
    /** Renews a lease that holds for the same address: what nearly every beat does. False when there is none. */
    renew: gathered(
      (beats: Beat[]) => write(db, beats, sql`lease.ends_at > beat.at and lease.claimed <=> beat.claimed`),
      GATHERED,
    ),

    /** Begins a lease, or moves it to another address. False when another beat was quicker, be it older or newer. */
    begin: gathered(
      (beats: Beat[]) =>
        write(
          db,
          beats,
          sql`(lease.ends_at is null or lease.ends_at <= beat.at or not lease.claimed <=> beat.claimed)`,
        ),
      GATHERED,
    ),

    /** A revoked node never comes back. */
    async removeOfRevoked() {
      const { numDeletedRows } = await db
        .deleteFrom('lease')
        .where('node_id', 'in', (eb) =>
          eb.selectFrom('node').select('id').where('revoked_at', 'is not', null),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

/**
 * Many beats in one statement; each is told whether it changed its lease. Beats can overtake each other, so an older one never
 * undoes a newer.
 */
async function write(db: Database, beats: Beat[], may: RawBuilder<unknown>): Promise<boolean[]> {
  const ids = [...new Set(beats.map(({ nodeId }) => nodeId))]
  const { numAffectedRows } = await sql`
    update lease join (${sql.join(beats.map(rowOf), sql` union all `)}) as beat on beat.node_id = lease.node_id
    set ${SET}
    where lease.node_id in (${sql.join(ids)}) and ${may}
      and (lease.epoch < beat.epoch or (lease.epoch = beat.epoch and lease.number < beat.number))
  `.execute(db)
  if (Number(numAffectedRows) === beats.length && ids.length === beats.length) return beats.map(() => true)
  return written(db, beats, ids)
}

/** A number passes once: whose stands in the lease has written it. */
async function written(db: Database, beats: Beat[], ids: string[]): Promise<boolean[]> {
  const rows = await db
    .selectFrom('lease')
    .select(['node_id', 'epoch', 'number'])
    .where('node_id', 'in', ids)
    .execute()
  const last = new Map(rows.map(({ node_id, epoch, number }) => [node_id, `${epoch} ${number}`]))
  return beats.map(({ nodeId, epoch, number }) => last.get(nodeId) === `${epoch} ${number}`)
}

/** In the character set of its column, or no index would find the leases. */
function rowOf({ nodeId, epoch, number, heartbeat, source, at, endsAt }: Beat) {
  const { instance = null, release, claimed = null, ports, addresses, live, load } = heartbeat
  const bits = load ? Math.round(load.bitsPerSecond) : null
  return sql`select convert(${nodeId} using ascii) collate ascii_bin as node_id, ${epoch} as epoch,
    ${number} as number, ${instance} as instance, ${release} as rel, ${claimed} as claimed, ${source} as source,
    ${ports.playback} as playback, ${ports.cdn} as cdn, ${ports.rtmp} as rtmp,
    ${JSON.stringify(addresses)} as addresses, ${JSON.stringify(live)} as live,
    ${load?.viewers ?? null} as viewers, ${bits} as bits, ${dateTime(at)} as at, ${dateTime(endsAt)} as ends_at,
    ${dateTime(new Date(at.getTime() + QUARANTINE_MS))} as quarantine`
}

/** Without its type it would be compared as text. */
const dateTime = (date: Date) => sql`cast(${date} as datetime(3))`

/**
 * What is chosen between reads the columns as they were, and so stands first. A process that was followed by another and speaks
 * again shows that both live, on two machines: viewers are sent to neither. The most is of what viewers were sent alone: what else
 * a line takes is not ours to count on.
 */
const SET = sql`
  lease.alive_since = case when lease.ends_at > beat.at then lease.alive_since else beat.at end,
  lease.proven = case when lease.previous_instance = beat.instance then null else lease.proven end,
  lease.quarantined_until =
    case when lease.previous_instance = beat.instance then beat.quarantine else lease.quarantined_until end,
  lease.previous_instance =
    case when lease.instance <> beat.instance then lease.instance else lease.previous_instance end,
  lease.instance = coalesce(beat.instance, lease.instance),
  lease.epoch = beat.epoch,
  lease.number = beat.number,
  lease.release = beat.rel,
  lease.claimed = beat.claimed,
  lease.source = beat.source,
  lease.playback_port = beat.playback,
  lease.cdn_port = beat.cdn,
  lease.rtmp_port = beat.rtmp,
  lease.addresses = beat.addresses,
  lease.live = beat.live,
  lease.load_viewers = beat.viewers,
  lease.load_bits = beat.bits,
  lease.most_bits = case when beat.bits > coalesce(lease.most_bits, -1) then beat.bits else lease.most_bits end,
  lease.beat_at = beat.at,
  lease.ends_at = beat.ends_at
`
