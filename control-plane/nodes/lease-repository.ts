import type { Heartbeat } from '@sixcast/shared/contract/heartbeat.ts'
import type { Database } from '../database/database.ts'

export type LeaseRepository = ReturnType<typeof leaseRepository>

/** One beat, stamped by our own clock: the node's may stand at 1970. */
type Beat = {
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
  /** Beats can overtake each other, so an older one never undoes a newer. `alive_since` stands first: it reads the old `ends_at`. */
  const updateUnlessOlder = ({ nodeId, epoch, number, heartbeat, source, at, endsAt }: Beat) =>
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

  return {
    /** Renews a lease that holds for the same address: what nearly every beat does. False when there is none. */
    async renew(beat: Beat) {
      const { numUpdatedRows } = await updateUnlessOlder(beat)
        .where('ends_at', '>', beat.at)
        .where('claimed', '<=>', beat.heartbeat.claimed ?? null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Begins a lease, or moves it to another address. False when a newer beat was quicker. */
    async begin(beat: Beat) {
      const { numUpdatedRows } = await updateUnlessOlder(beat).executeTakeFirst()
      return numUpdatedRows > 0n
    },

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
