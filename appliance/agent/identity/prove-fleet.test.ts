import { once } from 'node:events'
import { createServer } from 'node:http'
import { timeText } from '@sixcast/shared/contract/enrolment.ts'
import { createKeyPair, signText } from '@sixcast/shared/contract/identity-key.ts'
import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { proveFleet } from './prove-fleet.ts'

const fleet = createKeyPair()

test.each([
  ['who signs the nonce of this node is proven', (asked: string) => asked, true],
  ['who repeats what the fleet once signed for somebody else is not', () => 'n'.repeat(32), false],
])('%s', async (_, signed, proven) => {
  const server = createServer(({ url = '' }, response) => {
    const nonce = signed(new URL(url, 'http://fleet').searchParams.get('nonce') ?? '')
    const time = new Date().toISOString()
    response.end(JSON.stringify({ time, nonce, signature: signText(timeText(time, nonce), fleet) }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connections = new Agent()
  onTestFinished(async () => {
    await connections.destroy()
    server.close()
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const claim = { url, fleetKey: fleet.publicKey, secret: 'a'.repeat(32) }
  expect(await proveFleet(claim, connections)).toEqual({ kind: 'accepted', body: { proven } })
})
