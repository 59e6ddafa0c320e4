import { KEPT, KEPT_TABLES, type KeptTable } from './kept-tables.ts'

export type TableSize = { table: KeptTable; bytes: number; rows: number }

/** What a row took in a fleet of five thousand whose figures tremble more than true ones do; until there are enough of them here to say. */
const USUAL_BYTES: Record<KeptTable, number> = {
  metrics_raw: 570,
  metrics_minutes: 5200,
  metrics_quarters: 18_400,
}
const ENOUGH_ROWS = 1000

/** What it takes now, and will take once it has been filled, with so many nodes. */
export function sizeForecast(sizes: TableSize[], nodes: number) {
  const tables = KEPT_TABLES.map((table) => {
    const { keptDays, rowsPerDay } = KEPT[table]
    const { bytes = 0, rows = 0 } = sizes.find((size) => size.table === table) ?? {}
    const perRow = rows >= ENOUGH_ROWS ? bytes / rows : USUAL_BYTES[table]
    return {
      table,
      bytes,
      keptDays,
      perNodeDay: perRow * rowsPerDay,
      filled: perRow * rowsPerDay * keptDays * nodes,
    }
  })
  const sum = (of: (each: (typeof tables)[number]) => number) =>
    tables.reduce((total, each) => total + of(each), 0)
  return { tables, bytes: sum(({ bytes }) => bytes), filled: sum(({ filled }) => filled) }
}
