import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { startNginx, user } from '../nginx/start-test-nginx.ts'

export type Rivals = Awaited<ReturnType<typeof startRivals>>

const RTMP_PORT = 19350
const HTTP_PORT = 18080

/** A plain nginx-rtmp with its own HLS, and a folder for what a plain ffmpeg writes, served by the same nginx. In memory, as our own. */
export async function startRivals() {
  const folder = mkdtempSync('/dev/shm/sixcast-bench-')
  for (const name of ['nginx-rtmp', 'ffmpeg']) mkdirSync(`${folder}/${name}`)
  const nginx = await startNginx(
    'rivals.conf',
    { user, folder, rtmp_port: RTMP_PORT, http_port: HTTP_PORT },
    HTTP_PORT,
    readFileSync(`${import.meta.dirname}/rivals.conf`, 'utf8'),
  )
  return {
    rtmp: `rtmp://127.0.0.1:${RTMP_PORT}/live`,
    /** Where a plain ffmpeg is to write its playlist. */
    file: `${folder}/ffmpeg/stream.m3u8`,
    nginxRtmpUrl: (name: string) => `http://127.0.0.1:${HTTP_PORT}/nginx-rtmp/${name}.m3u8`,
    ffmpegUrl: `http://127.0.0.1:${HTTP_PORT}/ffmpeg/stream.m3u8`,
    async stop() {
      await nginx.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
