import { sql } from 'kysely'
import * as z from 'zod'
import { familyOf } from '../addresses/addresses.ts'
import type { Database } from '../database/database.ts'
import { gatheredWrites } from '../database/gathered.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'
import { DUTIES, SERVICES, serviceWord } from '../limits/node-service.ts'
import { type FleetHealth, LATELY_MS, OVERDUE_MS } from './fleet-guard.ts'
import type { ProbeFailure } from './probe-failure.ts'
import { FOUND_TOGETHER } from './reachability-repository.ts'
import { isUp, type KeptStanding, STANDINGS, type Standing } from './standing.ts'

export type StandingRepository = ReturnType<typeof standingRepository>

/** What a node asks to be found at, its lease, and how it stood there at the last look; absent before the first. */
export type Watched = NonNullable<ReturnType<typeof watched>>

/** first: the address it claims in its heartbeats. other: where it can be found as well, in the other family. */
export type Which = 'first' | 'other'

/** Of one node, over one family. */
export const keyOf = ({ nodeId, which }: Pick<Watched, 'nodeId' | 'which'>) => `${nodeId} ${which}`

type Looked = {
  nodeId: string
  address: string
  standing: KeptStanding
  failure: ProbeFailure | undefined
  dueAt: Date
}
type Selection = { most: number; besides: { nodeId: string; which: Which }[] }

export function standingRepository(db: Database) {
  /** Of both kinds those who have waited longest. */
  async function listOfBoth({ most, besides }: Selection, list: List) {
    async function listOf(which: Which) {
      const ids = besides.filter((each) => each.which === which).map(({ nodeId }) => nodeId)
      return (await list(which, ids, most)).map((row) => ({ row, which }))
    }
    const found = await Promise.all([listOf('first'), listOf('other')])
    return found
      .flat()
      .sort((a, b) => (a.row.due_at?.getTime() ?? 0) - (b.row.due_at?.getTime() ?? 0))
      .slice(0, most)
      .flatMap(({ row, which }) => watched(row, which) ?? [])
  }

  return {
    /** One node, at each of its addresses; nowhere without a lease, or when it is revoked or in quarantine. */
    async findEach(nodeId: string, at: Date) {
      const findOne = (which: Which) =>
        claimsOf(db, which, at).where('node.id', '=', nodeId).executeTakeFirst()
      const [first, other] = await Promise.all([findOne('first'), findOne('other')])
      return [first && watched(first, 'first'), other && watched(other, 'other')].flatMap(
        (each) => each ?? [],
      )
    },

    /** The nodes that are to be looked at, who has waited longest first. */
    listDue: (at: Date, selection: Selection) =>
      listOfBoth(selection, (which, besides, most) =>
        claimsOf(db, which, at)
          .where(({ or, eb }) => or([eb('standing.due_at', 'is', null), eb('standing.due_at', '<=', at)]))
          .$if(besides.length > 0, (query) => query.where('node.id', 'not in', besides))
          .orderBy('standing.due_at') // null, never looked at, is before all
          .limit(most)
          .execute(),
      ),

    /** Whoever probes looks at it next. Who was never looked at is due in any case. */
    makeDue: (nodeId: string, at: Date) =>
      db.updateTable('standing').set({ due_at: at }).where('node_id', '=', nodeId).execute(),

    countLately: (family: 4 | 6, at: Date) => countLately(db, family, at),

    /** Some that viewers are sent to, whose turn comes next. */
    listUp: (family: 4 | 6, at: Date, selection: Selection) =>
      listOfBoth(selection, (which, besides, most) =>
        claimsOf(db, which, at)
          .where('standing.family', '=', family)
          .where('standing.state', 'in', STANDINGS.filter(isUp))
          .$if(besides.length > 0, (query) => query.where('node.id', 'not in', besides))
          .orderBy('standing.due_at')
          .limit(most)
          .execute(),
      ),

    /** Many in one statement. */
    keep: gatheredWrites((looks: Looked[]) => keepAll(db, looks), FOUND_TOGETHER),
  }
}

/** Who left in an orderly way does not fail, nor who is being worked on. */
async function countLately(db: Database, family: 4 | 6, at: Date): Promise<FleetHealth> {
  const counted = await db
    .selectFrom('standing')
    .innerJoin('node', 'node.id', 'standing.node_id')
    .innerJoin('lease', 'lease.node_id', 'node.id')
    .leftJoin('other_address as other', (join) =>
      join
        .onRef('other.node_id', '=', 'node.id')
        .onRef('other.address', '=', 'standing.address')
        .on(otherAddressCounts),
    )
    .leftJoin('node_limit', 'node_limit.node_id', 'standing.node_id')
    .select(({ fn }) => [
      fn.countAll<number>().as('lately'),
      fn.count<number>('standing.bad_since').as('failing'),
    ])
    .where('standing.family', '=', family)
    .where(({ or, eb }) =>
      or([eb('standing.address', '=', eb.ref('lease.claimed')), eb('other.address', 'is not', null)]),
    )
    .where(({ or, eb }) =>
      or([
        eb('standing.bad_since', 'is not', null),
        eb('standing.due_at', '>', new Date(at.getTime() - OVERDUE_MS)),
      ]),
    )
    .where('node.revoked_at', 'is', null)
    .where(({ or, eb }) =>
      or([eb('node_limit.duty', 'is', null), eb('node_limit.duty', 'in', COUNTED_DUTIES)]),
    )
    .whereRef('lease.ends_at', '>', 'lease.beat_at')
    .where(({ or, eb }) =>
      or([
        eb('standing.state', 'in', STANDINGS.filter(isUp)),
        eb('standing.up_at', '>', new Date(at.getTime() - LATELY_MS)),
      ]),
    )
    .executeTakeFirstOrThrow()
  return { lately: Number(counted.lately), failing: Number(counted.failing) }
}

const COUNTED_DUTIES = DUTIES.filter((duty) => SERVICES[serviceWord({ duty, standing: 'healthy' })].counts)

/** Whoever has a lease, or had one and is not seen to be offline yet. */
function claimsOf(db: Database, which: Which, at: Date) {
  const claim = CLAIMS[which]
  return (
    db
      .selectFrom('lease')
      .innerJoin('node', 'node.id', 'lease.node_id')
      .$if(which === 'other', (query) =>
        query.innerJoin('other_address as other', (join) =>
          join.onRef('other.node_id', '=', 'lease.node_id').on(otherAddressCounts),
        ),
      )
      .leftJoin('standing', (join) =>
        join.onRef('standing.node_id', '=', 'node.id').on('standing.address', '=', claim.address),
      )
      .leftJoin('node_uplink', 'node_uplink.node_id', 'node.id')
      .select(['node.id', 'node.public_key'])
      .select([claim.address.as('address'), claim.source.as('source'), claim.proven.as('proven')])
      .select(['lease.cdn_port', 'lease.playback_port', 'lease.beat_at', 'lease.ends_at'])
      .select(['standing.state', 'standing.since', 'standing.cause', 'standing.falls'])
      .select(['standing.good_since', 'standing.bad_since', 'standing.up_at', 'standing.due_at'])
      .select(['node_uplink.address as line_address', 'node_uplink.cause as line_cause'])
      .select(['node_uplink.tried_at', 'node_uplink.wanted', 'lease.load_bits'])
      .where('node.revoked_at', 'is', null)
      .where(claim.address, 'is not', null)
      .where(({ or, eb }) => or([eb('lease.ends_at', '>', at), eb('standing.state', '!=', 'offline')]))
      // What is found at the address of two machines with one key may belong to either.
      .where(({ or, eb }) =>
        or([eb('lease.quarantined_until', 'is', null), eb('lease.quarantined_until', '<=', at)]),
      )
  )
}

type List = (which: Which, besides: string[], most: number) => Promise<Row[]>

const CLAIMS = {
  first: {
    address: sql.ref<string | null>('lease.claimed'),
    source: sql.ref<string | null>('lease.source'),
    proven: sql<boolean | null>`lease.proven = lease.claimed`,
  },
  other: {
    address: sql.ref<string | null>('other.address'),
    source: sql.ref<string | null>('other.source'),
    proven: sql<boolean | null>`other.proven`,
  },
}

const keepAll = (db: Database, looks: Looked[]) =>
  db
    .insertInto('standing')
    .values(
      looks.map((looked) => ({
        node_id: looked.nodeId,
        family: familyOf(looked.address),
        ...columnsOf(looked),
      })),
    )
    .onDuplicateKeyUpdate(AS_GIVEN)
    .execute()

const columnsOf = ({ address, standing, failure, dueAt }: Looked) => ({
  address,
  state: standing.state,
  since: standing.since,
  cause: standing.cause ?? null,
  failure: failure ?? null,
  good_since: standing.goodSince ?? null,
  bad_since: standing.badSince ?? null,
  up_at: standing.upAt ?? null,
  falls: JSON.stringify(standing.falls),
  due_at: dueAt,
})

const AS_GIVEN = {
  address: sql<string>`values(address)`,
  state: sql<Standing>`values(state)`,
  since: sql<Date>`values(since)`,
  cause: sql<string | null>`values(cause)`,
  failure: sql<string | null>`values(failure)`,
  good_since: sql<Date | null>`values(good_since)`,
  bad_since: sql<Date | null>`values(bad_since)`,
  up_at: sql<Date | null>`values(up_at)`,
  falls: sql<string>`values(falls)`,
  due_at: sql<Date>`values(due_at)`,
} satisfies Record<keyof ReturnType<typeof columnsOf>, unknown>

type Row = {
  id: string
  public_key: string
  address: string | null
  source: string | null
  proven: boolean | null
  cdn_port: number | null
  playback_port: number | null
  beat_at: Date | null
  ends_at: Date | null
  due_at: Date | null
} & StandingColumns &
  LineColumns

type LineColumns = {
  line_address: string | null
  line_cause: string | null
  tried_at: Date | null
  wanted: boolean | null
  load_bits: number | null
}

type StandingColumns = {
  state: KeptStanding['state'] | null
  since: Date | null
  cause: string | null
  falls: string | null
  good_since: Date | null
  bad_since: Date | null
  up_at: Date | null
}

function watched(
  { id, public_key, address, source, proven, cdn_port, playback_port, beat_at, ends_at, ...row }: Row,
  which: Which,
) {
  if (address === null || source === null || cdn_port === null || playback_port === null) return undefined
  if (beat_at === null || ends_at === null) return undefined
  return {
    nodeId: id,
    publicKey: public_key,
    which,
    address,
    source,
    ports: { cdn: cdn_port, playback: playback_port },
    /** Viewers are sent to the address already. */
    proven: Boolean(proven),
    lease: { beatAt: beat_at, endsAt: ends_at },
    standing: keptStanding(row),
    line: lineOf(row),
    /** Bits per second that its viewers take, as far as it tells. */
    sends: row.load_bits ?? 0,
  }
}

/** When its line was last measured, and where it asked to be found then. */
function lineOf({ line_address, line_cause, tried_at, wanted }: LineColumns) {
  if (line_address === null || tried_at === null) return undefined
  return { address: line_address, triedAt: tried_at, missed: line_cause !== null, wanted: Boolean(wanted) }
}

function keptStanding(row: StandingColumns): KeptStanding | undefined {
  if (row.state === null || row.since === null || row.falls === null) return undefined
  return {
    state: row.state,
    since: row.since,
    cause: row.cause ?? undefined,
    goodSince: row.good_since ?? undefined,
    badSince: row.bad_since ?? undefined,
    upAt: row.up_at ?? undefined,
    falls: Falls.parse(JSON.parse(row.falls)),
  }
}

const Falls = z.array(z.coerce.date())
