const MOST_LINES = 40
const LONGEST_LINE = 400

/** Keeps the last lines of what a process says, and no more of it. */
export function keepLastLines() {
  let lines: string[] = []
  let unfinished = ''
  return {
    read(chunk: Buffer) {
      const pieces = (unfinished + chunk.toString('utf8')).split(/[\r\n]+/)
      unfinished = (pieces.pop() ?? '').slice(0, LONGEST_LINE)
      lines = [...lines, ...pieces.filter(Boolean).map((line) => line.slice(0, LONGEST_LINE))].slice(
        -MOST_LINES,
      )
    },
    lines: () => (unfinished ? [...lines, unfinished] : lines),
  }
}
