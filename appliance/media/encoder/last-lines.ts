import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'

const MOST_LINES = 200
const LONGEST_LINE = 400
/** A URL is masked only as a whole. */
const LONGEST_UNFINISHED = 8192

/** Keeps the last lines of what a process says, and no more of it; no password or query of a URL. */
export function keepLastLines() {
  let lines: string[] = []
  let unfinished = ''
  return {
    read(chunk: Buffer) {
      const pieces = (unfinished + chunk.toString('utf8')).split(/[\r\n]+/)
      unfinished = (pieces.pop() ?? '').slice(0, LONGEST_UNFINISHED)
      lines = [
        ...lines,
        ...pieces.filter(Boolean).map((line) => maskSecrets(line).slice(0, LONGEST_LINE)),
      ].slice(-MOST_LINES)
    },
    lines: () => (unfinished ? [...lines, maskSecrets(unfinished).slice(0, LONGEST_LINE)] : lines),
  }
}
