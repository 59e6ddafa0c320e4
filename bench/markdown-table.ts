export type Row = string[]

/** A table as RESULTS.md shows it, line by line. */
export function markdownTable(head: Row, rows: Row[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`)
}

const escapeCell = (cell: string) => cell.replaceAll('|', '\\|')

export const showMs = (ms: number): string => (Number.isNaN(ms) ? '–' : `${Math.round(ms)} ms`)
export const showSeconds = (seconds: number): string =>
  Number.isNaN(seconds) ? '–' : `${seconds.toFixed(2)} s`
export const showPercent = (percent: number): string =>
  Number.isNaN(percent) ? '–' : `${percent.toFixed(1)} %`
export const showRatio = (ratio: number): string => (Number.isNaN(ratio) ? '–' : ratio.toFixed(3))
export const showMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
