import { printable } from '@sixcast/shared/runtime/printable.ts'

/** Rows of cells in columns, as wide as their longest cell. */
export function alignedColumns(rows: string[][]): string {
  const clean = rows.map((row) => row.map(printable))
  const widths = clean.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, length(cell))),
    [],
  )
  return clean
    .map((row) =>
      row
        .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - length(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** In letters as people count them, not in code units. */
const length = (text: string) => [...new Intl.Segmenter().segment(text)].length
