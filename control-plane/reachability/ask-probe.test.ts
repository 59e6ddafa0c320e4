import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { inOwnNetwork, ownNetworksWork } from '../../tests/runner/own-network.ts'

const hasNetworks = ownNetworksWork()

test.runIf(hasNetworks)('a prober whose own machine has no way out says nothing of the node', async () => {
  expect(await results(['2a01:4f8::1', '192.88.98.1', '127.0.0.1'])).toEqual([
    { is: 'unasked', cause: expect.stringContaining('ENETUNREACH') },
    { is: 'unasked', cause: expect.stringContaining('ENETUNREACH') },
    { is: 'missed', failure: 'refused', cause: expect.stringContaining('port 1 was refused') },
  ])
})

/** Neighbours whose hardware address is known, and who take what is sent to them without a word: as a firewall that drops. */
const SILENT = [
  'ip -6 address add 2a01:4f8::1/64 dev outside nodad',
  'ip -6 neigh add 2a01:4f8::9 lladdr 02:00:00:00:00:09 dev outside',
  'ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev outside',
  'ip -6 route add unreachable 2a01:4f9::/64',
]

test.runIf(hasNetworks)(
  'what is dropped on the way is told from what the network knows no way to',
  async () => {
    expect(await results(['2a01:4f8::9', '192.0.2.9', '2a01:4f9::9'], SILENT)).toEqual([
      { is: 'missed', failure: 'silent', cause: expect.stringContaining('drops inbound IPv6 to port 1') },
      { is: 'missed', failure: 'silent', cause: expect.stringContaining('drops inbound IPv4 to port 1') },
      { is: 'missed', failure: 'no-way', cause: expect.stringContaining('no way') },
    ])
  },
)

test.runIf(hasNetworks)(
  'a prober that has IPv4 but no IPv6 notices that, and says nothing of who has IPv6',
  async () => {
    const neighbour = SILENT.filter((command) => command.startsWith('ip neigh'))
    expect(await results(['2a01:4f8::9', '192.0.2.9'], neighbour)).toEqual([
      { is: 'unasked', cause: expect.stringContaining('ENETUNREACH') },
      { is: 'missed', failure: 'silent', cause: expect.stringContaining('drops inbound IPv4 to port 1') },
    ])
  },
)

/** Asks all of them at once, in a network where this was done before. */
async function results(addresses: string[], before: string[] = []): Promise<unknown> {
  const module = JSON.stringify(new URL('ask-probe.ts', import.meta.url).href)
  const script = `
    import { askNode } from ${module}
    const asked = ${JSON.stringify(addresses)}.map((address) =>
      askNode({ cdn: 1, playback: 1 }, { nodeId: 'n', publicKey: 'k', address }))
    console.log(JSON.stringify(await Promise.all(asked)))`
  const shell = [...before, 'exec "$@"'].join(' && ')
  const asking = [process.execPath, '--input-type=module', '-e', script]
  const [program = '', ...args] = inOwnNetwork(['sh', '-c', shell, 'prepared', ...asking])
  const { stdout } = await promisify(execFile)(program, args)
  return JSON.parse(stdout)
}
