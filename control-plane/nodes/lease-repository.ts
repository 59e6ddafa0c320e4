import type { Heartbeat } from '@sixcast/shared/contract/heartbeat.ts'
import type { Database } from '../database/database.ts'

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

export function leaseRepository(db: Database) {
  return {
    find: (nodeId: string) =>
      db.selectFrom('lease').selectAll().where('node_id', '=', nodeId).executeTakeFirst(),

    /** Beats can overtake each other, so an older one never undoes a newer. `alive_since` stands first: it reads the old `ends_at`. */
    recordBeat: ({ nodeId, epoch, number, heartbeat, source, at, endsAt }: Beat) =>
      db
        .updateTable('lease')
        .set(({ case: choose, ref, val }) => ({
          alive_since: choose().when('ends_at', '>', at).then(ref('alive_since')).else(val(at)).end(),
          epoch,
          number,
          release: heartbeat.release,
          claimed: heartbeat.claimed ?? null,
          source,
          playback_port: heartbeat.ports.playback,
          cdn_port: heartbeat.ports.cdn,
          rtmp_port: heartbeat.ports.rtmp,
          addresses: JSON.stringify(heartbeat.addresses),
          live: JSON.stringify(heartbeat.live),
          beat_at: at,
          ends_at: endsAt,
        }))
        .where('node_id', '=', nodeId)
        .where(({ and, or, eb }) =>
          or([eb('epoch', '<', epoch), and([eb('epoch', '=', epoch), eb('number', '<', number)])]),
        )
        .execute(),

    /** Does a node beat from this address? Then its word about other addresses is worth something. */
    beatsFrom: async (source: string) =>
      (await db.selectFrom('lease').select('node_id').where('source', '=', source).executeTakeFirst()) !==
      undefined,
  }
}
