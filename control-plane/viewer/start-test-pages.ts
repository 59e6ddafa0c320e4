import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { viewerRoutes } from './viewer-routes.ts'

export const now = new Date('2026-11-20T12:00:00Z')
export const live: StreamView = {
  name: 'harbour',
  title: 'The harbour',
  description: 'Day and night',
  open: false,
  state: 'live',
  host: '[2001:4dd0::7]:8084',
  manifest: 'index.m3u8',
  session: 'saaaaaaaaaaaa',
  since: new Date('2026-11-20T11:48:00Z'),
  height: 720,
}

/** For tests: the public pages over streams that the test may change. */
export function openPages(...streams: StreamView[]) {
  const fleet = {
    streams,
    broken: undefined as Error | undefined,
    asked: [] as string[],
    reported: [] as unknown[],
  }
  const fail = () => {
    if (fleet.broken) throw fleet.broken
  }
  const app = viewerRoutes({
    streamViews: {
      async list() {
        fail()
        return fleet.streams
      },
      async find(name) {
        fail()
        fleet.asked.push(name)
        return fleet.streams.find((stream) => stream.name === name)
      },
    },
    publicUrl: 'https://cast.example',
    posters: {
      find: async (name, hash) =>
        name === 'harbour' && hash === HASH ? { type: 'image/png', bytes: Buffer.from('poster') } : undefined,
    },
    relayPort: 8080,
    report: (error) => fleet.reported.push(error),
    recognise: (error) => (error instanceof Away ? new Problem('unavailable') : undefined),
    readEveryMs: 10,
    now: () => now,
  })
  return Object.assign(fleet, {
    get: (path: string, host = 'fleet.example', headers: Record<string, string> = {}) =>
      app.request(`http://${host}${path}`, { headers }),
    text: async (path: string, host?: string) =>
      (await app.request(`http://${host ?? 'fleet.example'}${path}`)).text(),
  })
}
export class Away extends Error {}
/** Of the poster that there is. */
export const HASH = '0123456789abcdef'

/** What its player begins with. */
export function stateIn(page: string) {
  const [, state = ''] = /data-state="([^"]*)"/.exec(page) ?? []
  return JSON.parse(state.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
}

export function eventsOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  return {
    next: async () => (await reader?.read())?.value ?? '',
    end: async () => reader?.cancel(),
  }
}
