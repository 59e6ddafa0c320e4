import type { Database } from '../database/database.ts'
import type { Happening, HappeningKind, NewHappening, Seen } from './happening.ts'

export type HappeningRepository = ReturnType<typeof happeningRepository>
/** How a node is now, and what has happened to it since the look before. */
export type Noticed = { nodeId: string; seen: Seen; happened: NewHappening[] }

const AT_ONCE = 200

export function happeningRepository(db: Database) {
  return {
    /** How each node was at the last look. */
    async lastSeen(): Promise<Map<string, Seen>> {
      const rows = await db.selectFrom('node_seen').selectAll().execute()
      return new Map(rows.map(({ node_id, seen }) => [node_id, JSON.parse(seen) as Seen]))
    },

    /** Together, or a process that dies between the two would lose what happened, or tell it twice. */
    async save(noticed: Noticed[], at: Date): Promise<void> {
      for (let from = 0; from < noticed.length; from += AT_ONCE)
        await saveSome(db, noticed.slice(from, from + AT_ONCE), at)
    },

    /** The latest first: of one node, or of all. */
    async listBefore({
      number,
      most,
      nodeId,
    }: {
      number: number
      most: number
      nodeId?: string | undefined
    }) {
      const rows = await db
        .selectFrom('happening')
        .selectAll()
        .where('number', '<', number)
        .$if(nodeId !== undefined, (query) => query.where('node_id', '=', nodeId ?? ''))
        .orderBy('number', 'desc')
        .limit(most)
        .execute()
      return rows.map(happeningOf)
    },

    /** Of one node, in their order, as many as a chart can bear. */
    async listBetween(nodeId: string, from: Date, until: Date, most: number): Promise<Happening[]> {
      const rows = await db
        .selectFrom('happening')
        .selectAll()
        .where('node_id', '=', nodeId)
        .where('at', '>=', from)
        .where('at', '<', until)
        .orderBy('at', 'desc')
        .limit(most)
        .execute()
      return rows.map(happeningOf).reverse()
    },

    async removeBefore(at: Date): Promise<number> {
      const { numDeletedRows } = await db.deleteFrom('happening').where('at', '<', at).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

const saveSome = (db: Database, noticed: Noticed[], at: Date) =>
  db.transaction().execute(async (together) => {
    const rows = noticed.flatMap(({ nodeId, happened }) =>
      happened.map(({ kind, words }) => ({ at, node_id: nodeId, kind, words: words.slice(0, 500) })),
    )
    if (rows.length > 0) await together.insertInto('happening').values(rows).execute()
    await together
      .replaceInto('node_seen')
      .values(noticed.map(({ nodeId, seen }) => ({ node_id: nodeId, seen: JSON.stringify(seen) })))
      .execute()
  })

type Row = { number: number; at: Date; node_id: string; kind: HappeningKind; words: string }

const happeningOf = ({ node_id, ...row }: Row): Happening => ({ ...row, nodeId: node_id })
