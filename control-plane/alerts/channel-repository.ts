import type { Database } from '../database/database.ts'

export type ChannelRepository = ReturnType<typeof channelRepository>

/** Where alerts are told: a comma list of mail addresses, or a URL with the secret that signs what it is sent. */
export type Channel = { id: string; madeBy: string; madeAt: Date } & (
  | { kind: 'mail'; target: string }
  | { kind: 'webhook'; target: string; secret: string }
)

export function channelRepository(db: Database) {
  return {
    /** The eldest first. */
    async list(): Promise<Channel[]> {
      const rows = await db.selectFrom('alert_channel').selectAll().orderBy('made_at').orderBy('id').execute()
      return rows.map(({ id, kind, target, secret, made_by: madeBy, made_at: madeAt }) =>
        kind === 'mail'
          ? { id, kind, target, madeBy, madeAt }
          : { id, kind, target, secret: secret ?? '', madeBy, madeAt },
      )
    },

    add: (channel: Channel) =>
      db
        .insertInto('alert_channel')
        .values({
          ...{ id: channel.id, kind: channel.kind, target: channel.target },
          secret: channel.kind === 'webhook' ? channel.secret : null,
          ...{ made_by: channel.madeBy, made_at: channel.madeAt },
        })
        .execute(),

    /** With what was still to be told there. False when there is none. */
    remove: (id: string): Promise<boolean> =>
      db.transaction().execute(async (trx) => {
        await trx.deleteFrom('alert_message').where('channel_id', '=', id).execute()
        const { numDeletedRows } = await trx
          .deleteFrom('alert_channel')
          .where('id', '=', id)
          .executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}
