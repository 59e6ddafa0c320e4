import { Agent, request } from 'undici'
import { playStream } from './play-stream.ts'
import { type Publisher, readRtmpStat } from './rtmp-stat.ts'

export type RtmpServer = ReturnType<typeof rtmpServer>

/** nginx-rtmp of this node, seen over its socket for statistics and control, and as any player sees it. */
export function rtmpServer(socketPath: string) {
  const dispatcher = new Agent({
    connect: { socketPath, timeout: 1000 },
    headersTimeout: 2000,
    bodyTimeout: 2000,
  })

  async function get(path: string): Promise<string> {
    const { statusCode, body } = await request(`http://nginx-rtmp${path}`, { dispatcher })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`nginx-rtmp answered ${statusCode} to ${path}`)
    return text
  }

  return {
    publishers: async (): Promise<Publisher[]> => readRtmpStat(await get('/stat')),

    play: playStream,

    /** Ends the publisher's connection. nginx-rtmp then calls /rtmp/done for it. */
    async drop({ app, name }: { app: string; name: string }) {
      await get(`/control/drop/publisher?${new URLSearchParams({ app, name })}`)
    },
  }
}

/** Whether an error says that nginx-rtmp is not there at all: then nobody publishes. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(ECONNREFUSED|ENOENT)$/.test(String(error.code))
}
