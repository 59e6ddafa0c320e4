import type { Heartbeat } from '@sixcast/shared/contract/heartbeat.ts'
import type { ExpressionBuilder } from 'kysely'
import type { Database } from '../database/database.ts'
import { gathered } from '../database/gathered.ts'
import type { Tables } from '../database/tables.ts'

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
const ROUNDS = { rounds: 3 }

export function leaseRepository(db: Database) {
  /**
   * Beats can overtake each other, so an older one never undoes a newer. What is chosen between stands first, in this order: it
   * reads the columns as they were.
   */
  const updateUnlessOlder = (
    { nodeId, epoch, number, heartbeat, source, at, endsAt }: Beat,
    within: Database,
  ) =>
    within
      .updateTable('lease')
      .set((eb) => ({
        alive_since: eb.case().when('ends_at', '>', at).then(eb.ref('alive_since')).else(eb.val(at)).end(),
        ...(heartbeat.instance !== undefined && processes(eb, heartbeat.instance, at)),
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
        ...loadOf(eb, heartbeat.load),
        beat_at: at,
        ends_at: endsAt,
      }))
      .where('node_id', '=', nodeId)
      .where(({ and, or, eb }) =>
        or([eb('epoch', '<', epoch), and([eb('epoch', '=', epoch), eb('number', '<', number)])]),
      )

  return {
    /** Renews a lease that holds for the same address: what nearly every beat does. False when there is none. */
    renew: gatheredBeats(db, (beat, within) =>
      updateUnlessOlder(beat, within)
        .where('ends_at', '>', beat.at)
        .where('claimed', '<=>', beat.heartbeat.claimed ?? null)
        .executeTakeFirst(),
    ),

    /** Begins a lease, or moves it to another address. False when another beat was quicker, be it older or newer. */
    begin: gatheredBeats(db, (beat, within) =>
      updateUnlessOlder(beat, within)
        .where(({ or, eb, not }) =>
          or([
            eb('ends_at', 'is', null),
            eb('ends_at', '<=', beat.at),
            not(eb('claimed', '<=>', beat.heartbeat.claimed ?? null)),
          ]),
        )
        .executeTakeFirst(),
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

/** The most is of what viewers were sent alone: what else a line takes is not ours to count on. */
function loadOf({ fn, val, ref }: ExpressionBuilder<Tables, 'lease'>, load: Heartbeat['load']) {
  const bits = load && Math.round(load.bitsPerSecond)
  return {
    load_viewers: load?.viewers ?? null,
    load_bits: bits ?? null,
    ...(bits !== undefined && {
      most_bits: fn<number>('greatest', [fn.coalesce(ref('most_bits'), val(0)), val(bits)]),
    }),
  }
}

/** A process that was followed by another and speaks again shows that both live, on two machines: viewers are sent to neither. */
function processes(
  { case: choose, ref, val }: ExpressionBuilder<Tables, 'lease'>,
  instance: string,
  at: Date,
) {
  const until = new Date(at.getTime() + QUARANTINE_MS)
  return {
    proven: choose().when('previous_instance', '=', instance).then(null).else(ref('proven')).end(),
    quarantined_until: choose()
      .when('previous_instance', '=', instance)
      .then(val(until))
      .else(ref('quarantined_until'))
      .end(),
    previous_instance: choose()
      .when('instance', '<>', instance)
      .then(ref('instance'))
      .else(ref('previous_instance'))
      .end(),
    instance,
  }
}

type UpdateOfBeat = (beat: Beat, within: Database) => Promise<{ numUpdatedRows: bigint }>

/** Many in one transaction, so that they do not wait for the disk one by one; each is told whether it changed anything. */
function gatheredBeats(db: Database, update: UpdateOfBeat) {
  const updateAll = async (beats: Beat[], within: Database) => {
    const changed: boolean[] = []
    for (const beat of beats) changed.push((await update(beat, within)).numUpdatedRows > 0n)
    return changed
  }
  return gathered(
    (beats: Beat[]) =>
      beats.length === 1
        ? updateAll(beats, db)
        : db.transaction().execute((transaction) => updateAll(beats, transaction)),
    ROUNDS,
  )
}
