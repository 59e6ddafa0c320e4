import { CDN_PORTS } from '@sixcast/shared/contract/heartbeat.ts'
import type { Selectable } from 'kysely'
import { urlHost } from '../addresses/addresses.ts'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'
import { foundAt } from './found-at.ts'
import { cdnPlace, knownReport, knownReports } from './known-reports.ts'
import { type CatalogEntry, type KnownReport, reportOfSession, streamView } from './stream-state.ts'

export type StreamViews = ReturnType<typeof streamViewRepository>

type Options = { cdnPorts?: number[] | undefined; now?: () => Date }

export function streamViewRepository(
  db: Database,
  { cdnPorts = CDN_PORTS, now = () => new Date() }: Options = {},
) {
  const reported = knownReports(db).select(['report.height', 'report.viewers'])
  const catalog = db
    .selectFrom('stream')
    .leftJoin('stream_poster', 'stream_poster.stream_name', 'stream.name')
    .select(['name', 'title', 'description', 'open', 'category', 'shown', 'place'])
    .select('stream_poster.hash as poster')
  type ReportRow = Awaited<ReturnType<typeof reported.execute>>[number]

  const known = (row: ReportRow): KnownReport => ({
    ...knownReport(row),
    ...(row.height !== null && { height: row.height }),
    ...(row.viewers !== null && { viewers: row.viewers }),
    ...hostOf(row),
  })

  function hostOf(row: ReportRow) {
    const place = cdnPlace(foundAt(row), row, cdnPorts)
    return place ? { host: `${urlHost(place.address)}:${place.port}` } : {}
  }

  return {
    /** Every stream of the catalog, by name. */
    async list() {
      const [entries, rows] = await Promise.all([catalog.orderBy('name').execute(), reported.execute()])
      const byName = Map.groupBy(rows, (row) => row.stream_name)
      return entries.map((row) => streamView(entryOf(row), (byName.get(row.name) ?? []).map(known), now()))
    },

    async find(name: string) {
      const [entry, rows] = await Promise.all([
        catalog.where('name', '=', name).executeTakeFirst(),
        reported.where('report.stream_name', '=', name).execute(),
      ])
      return entry && streamView(entryOf(entry), rows.map(known), now())
    },

    /** Where one session of a stream is kept, whatever has become of it since: for viewers who are watching it already. */
    async findSession(name: string, session: string) {
      const rows = await reported
        .where('report.stream_name', '=', name)
        .where('report.session', '=', session)
        .execute()
      return reportOfSession(rows.map(known), now())
    },
  }
}

type CatalogRow = Omit<Selectable<Tables['stream']>, 'created_at'> & { poster: string | null }

/** What goes without saying is not said. */
const entryOf = ({ category, shown, place, poster, ...row }: CatalogRow): CatalogEntry => ({
  ...row,
  ...(category && { category }),
  ...(shown !== 'public' && { shown }),
  ...(place !== 0 && { place }),
  ...(poster !== null && { poster }),
})
