import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { promisify } from 'node:util'

/** For tests: a test picture with sound, of so many seconds, as a file. */
export async function makeTestFilm(path: string, seconds: number) {
  const source = `testsrc2=size=320x180:rate=25:duration=${seconds}[out0];sine=sample_rate=48000:duration=${seconds}[out1]`
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...codecs, path])
}

/** For tests: an HTTP server of the house with one film, for whoever knows the password, and a way that leads elsewhere. */
export async function serveTestFilm(path: string): Promise<{ server: Server; port: number }> {
  const film = readFileSync(path)
  let opened = 0
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === '/away')
      return outgoing.writeHead(302, { location: `http://127.0.0.1:${port}/film.ts` }).end()
    if (incoming.headers.authorization !== `Basic ${btoa('eve:hunt3r')}`)
      return outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
    // ffprobe finds it, and ffmpeg no more.
    if (incoming.url === '/once?t0ken-0f-house' && ++opened > 1) return outgoing.writeHead(404).end()
    return outgoing.writeHead(200, { 'content-type': 'video/mp2t' }).end(film)
  }).listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = { port: 0, ...Object(server.address()) }
  return { server, port }
}
