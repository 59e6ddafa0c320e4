import type { Database } from '../database/database.ts'
import { type MirrorChoice, type MirrorChoices, NO_MIRRORS } from './mirror-choice.ts'

export type MirrorChoiceRepository = ReturnType<typeof mirrorChoiceRepository>

/** In place of a stream's name: what holds for all that nobody has chosen for. */
const RULE = '*'

export function mirrorChoiceRepository(db: Database) {
  const save = (stream_name: string, choice: MirrorChoice) => {
    const columns = columnsOf(choice)
    return db
      .insertInto('mirror_choice')
      .values({ stream_name, ...columns })
      .onDuplicateKeyUpdate(columns)
      .execute()
  }

  return {
    async read(): Promise<MirrorChoices> {
      const rows = await db.selectFrom('mirror_choice').selectAll().execute()
      const ofStream = new Map(rows.map((row) => [row.stream_name, choiceOf(row)]))
      const rule = ofStream.get(RULE)
      ofStream.delete(RULE)
      return { rule: rule && 'copies' in rule ? rule : NO_MIRRORS, ofStream }
    },

    saveRule: (copies: number) => save(RULE, { copies }),

    save,

    remove: (stream: string) => db.deleteFrom('mirror_choice').where('stream_name', '=', stream).execute(),

    /** Whether the fleet has a stream of that name. */
    hasStream: async (name: string) =>
      (await db.selectFrom('stream').select('name').where('name', '=', name).executeTakeFirst()) !==
      undefined,
  }
}

const choiceOf = ({ copies, nodes }: { copies: number | null; nodes: string | null }): MirrorChoice =>
  nodes === null ? { copies: copies ?? NO_MIRRORS.copies } : { nodes: nodes.split(',') }

const columnsOf = (choice: MirrorChoice) =>
  'nodes' in choice ? { copies: null, nodes: choice.nodes.join(',') } : { copies: choice.copies, nodes: null }
