import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { inOwnNetwork, ownNetworksWork } from '../../tests/runner/own-network.ts'

test.runIf(ownNetworksWork())(
  'a prober whose own machine has no way out says nothing of the node',
  async () => {
    const module = new URL('ask-probe.ts', import.meta.url)
    const [program = '', ...args] = inOwnNetwork([
      process.execPath,
      '--input-type=module',
      '-e',
      asking(module),
    ])
    const { stdout } = await promisify(execFile)(program, args)
    expect(JSON.parse(stdout)).toEqual([
      { is: 'unasked', cause: expect.stringContaining('ENETUNREACH') },
      { is: 'unasked', cause: expect.stringContaining('ENETUNREACH') },
      { is: 'missed', failure: 'refused', cause: expect.stringContaining('port 1 was refused') },
    ])
  },
)

const asking = (module: URL) => `
  import { askNode } from ${JSON.stringify(module.href)}
  const asked = ['2a01:4f8::1', '192.88.98.1', '127.0.0.1'].map((address) =>
    askNode({ cdn: 1, playback: 1 }, { nodeId: 'n', publicKey: 'k', address }))
  console.log(JSON.stringify(await Promise.all(asked)))`
