/** Control characters, and those that turn the direction of text, could make a terminal show what is not there. */
const TREACHEROUS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Other people's text in one line of a terminal. The escapes are those of JSON, so JSON stays what it says. */
export const printable = (text: string) =>
  text.replace(TREACHEROUS, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)

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
