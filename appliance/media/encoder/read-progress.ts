/** How far an encoder is, by its own account: seconds of media that it has written since its start, and frames. */
export type Progress = { mediaSeconds: number; frames: number; droppedFrames: number; repeatedFrames: number }

/** Reads what ffmpeg writes with `-progress`: lines of `key=value`, a block of which ends with `progress=`. */
export function readProgress(take: (progress: Progress) => void): (chunk: Buffer) => void {
  let unfinished = ''
  let block = new Map<string, string>()

  function handle(line: string) {
    const [key = '', value = ''] = line.split('=')
    block.set(key.trim(), value.trim())
    if (key !== 'progress') return
    take(progressOf(block))
    block = new Map()
  }

  return (chunk) => {
    const lines = (unfinished + chunk.toString('latin1')).split('\n')
    unfinished = lines.pop() ?? ''
    lines.forEach(handle)
  }
}

function progressOf(block: Map<string, string>): Progress {
  // Before the first frame ffmpeg writes N/A, or nothing, or a time of long ago.
  const number = (key: string) => Math.max(0, Number(block.get(key)) || 0)
  return {
    mediaSeconds: number('out_time_us') / 1e6,
    frames: number('frame'),
    droppedFrames: number('drop_frames'),
    repeatedFrames: number('dup_frames'),
  }
}
