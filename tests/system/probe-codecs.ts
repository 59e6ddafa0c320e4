import { run } from './start-test-fleet.ts'

/** The names of the codecs that a stream's tracks have, as ffprobe finds them; of what cannot be played, its complaint. */
export async function probeCodecs(url: string): Promise<string> {
  const { text } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', url])
  return text
}
