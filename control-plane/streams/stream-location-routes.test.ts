import { expect, test } from 'vitest'
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
