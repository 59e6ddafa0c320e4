import * as z from 'zod'
import type { Database } from '../database/database.ts'

export type EncoderSpeedRepository = ReturnType<typeof encoderSpeedRepository>

const Seen = z.object({ speed: z.number().nonnegative() })

export const encoderSpeedRepository = (db: Database) => ({
  /** Of the streams that are live, by name: how fast their encoders are, 1 as fast as the source. Of those whose node tells. */
  async read(now: Date): Promise<Map<string, number>> {
    const rows = await db
      .selectFrom('stream_report')
      .select(['stream_name', 'seen'])
      .where('state', '=', 'live')
      .where('lives_until', '>', now)
      .where('seen', 'is not', null)
      .execute()
    return new Map(
      rows.flatMap(({ stream_name, seen }) => {
        const { data } = Seen.safeParse(JSON.parse(seen ?? 'null'))
        return data ? [[stream_name, data.speed]] : []
      }),
    )
  },
})
