import { run } from './start-test-fleet.ts'

/** The encoders that one media process runs now: other fleets on this machine have theirs. */
export async function encoderPids(media: number): Promise<number[]> {
  const { text } = await run('ps', ['ax', '-o', 'pid=,ppid=,comm='])
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, program]) => Number(parent) === media && program === 'ffmpeg')
    .map(([pid]) => Number(pid))
}
