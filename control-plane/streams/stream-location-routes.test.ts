import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { streamLocationRoutes } from './stream-location-routes.ts'
import type { StreamView } from './stream-view.ts'

const live: StreamView = {
  name: 'harbour',
  title: 'The harbour',
  description: '',
  open: false,
  state: 'live',
  host: '127.0.0.2:8084',
  manifest: 'index.m3u8',
}
const app = streamLocationRoutes({
  streamViews: { find: async () => live, findSession: async () => undefined },
  relayPort: 8080,
})

test.each([
  ['on this machine', '127.0.0.1:9090', '127.0.0.2:8084'],
  ['elsewhere in the network', '192.168.1.5:9090', '192.168.1.5:8080'],
])(
  'a player %s is sent where it gets through; nginx, wherever it is, to the node',
  async (_, asked, host) => {
    const response = await app.request(`http://${asked}/streams/harbour`)
    expect(await response.json()).toEqual({ name: 'harbour', manifest: 'index.m3u8', host })
    expect(response.headers.get('x-origin')).toBe('127.0.0.2:8084')
  },
)

test('a hidden stream is nowhere for who begins; who watches its session stays with it', async () => {
  const hidden = new Hono().route(
    '/',
    streamLocationRoutes({
      streamViews: {
        find: async () => ({ ...live, shown: 'hidden' as const }),
        findSession: async () => ({ host: '127.0.0.2:8084', manifest: 'index.m3u8' }) as never,
      },
      relayPort: 8080,
    }),
  )
  answerProblems(hidden, silentLog)
  const statusOf = async (query: string) =>
    (await hidden.request(`http://127.0.0.1:9090/streams/harbour${query}`)).status
  expect([await statusOf(''), await statusOf('?session=s00000000000a')]).toEqual([404, 200])
})
